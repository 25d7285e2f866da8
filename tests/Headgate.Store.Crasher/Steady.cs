namespace Headgate.Store.Crasher;

/// <summary>One caller, one commit after the other: "answered KEY REVISION" or "failed KEY MESSAGE" for each.</summary>
internal static class Steady
{
    public static async Task<int> RunAsync(string folder, int commits)
    {
        Embedded.EmbeddedStore store;
        try
        {
            store = await Sample.OpenAsync(folder);
        }
        catch (StoreUnavailableException e)
        {
            Answers.Print($"refused {e.Message}");
            return 3;
        }

        await using (store)
        {
            for (int i = 0; i < commits; i++)
            {
                try
                {
                    CommitResult result = await store.CommitAsync(Sample.Pair($"{i}", $"value of {i}"), CancellationToken.None);
                    Answers.Print($"answered {i} {result.Revision}");
                }
                catch (StoreUnavailableException e)
                {
                    Answers.Print($"failed {i} {e.Message}");
                }
            }
        }

        return 0;
    }
}
