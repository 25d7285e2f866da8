namespace Headgate.Store.Crasher;

/// <summary>Many callers commit without end; "answered KEY REVISION" after each answer. To be killed.</summary>
internal static class Storm
{
    public static async Task RunAsync(string folder, int callers)
    {
        await using Embedded.EmbeddedStore store = await Sample.OpenAsync(folder);
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => CallAsync(store, caller)));
    }

    private static async Task CallAsync(Embedded.EmbeddedStore store, int caller)
    {
        for (int i = 0; ; i++)
        {
            string key = $"{caller}-{i}";
            CommitResult result = await store.CommitAsync(Sample.Pair(key, $"value of {key}"), CancellationToken.None);
            Answers.Print($"answered {key} {result.Revision}");
        }
    }
}
