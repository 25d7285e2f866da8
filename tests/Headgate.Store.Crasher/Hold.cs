namespace Headgate.Store.Crasher;

/// <summary>Holds the folder until its standard input ends: "holding PID", or "refused MESSAGE".</summary>
internal static class Hold
{
    public static async Task<int> RunAsync(string folder)
    {
        try
        {
            await using Embedded.EmbeddedStore store = await Sample.OpenAsync(folder);
            Answers.Print($"holding {Environment.ProcessId}");
            await Console.In.ReadToEndAsync();
            return 0;
        }
        catch (StoreUnavailableException e)
        {
            Answers.Print($"refused {e.Message}");
            return 3;
        }
    }
}
