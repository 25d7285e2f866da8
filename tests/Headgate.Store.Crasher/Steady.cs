namespace Headgate.Store.Crasher;

/// <summary>
/// A number of commits by one caller after the other, or by several at once: "answered KEY REVISION" or "failed KEY MESSAGE" for each, "refused MESSAGE" when the
/// store does not open.
/// </summary>
internal static class Steady
{
    public static async Task<int> RunAsync(string folder, int commits, int callers)
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
            await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
            {
                for (int i = caller; i < commits; i += callers)
                {
                    await CommitAsync(store, i);
                }
            }));
        }

        return 0;
    }

    private static async Task CommitAsync(Embedded.EmbeddedStore store, int number)
    {
        try
        {
            CommitResult result = await store.CommitAsync(Sample.Pair($"{number}", $"value of {number}"), CancellationToken.None);
            Answers.Print($"answered {number} {result.Revision}");
        }
        catch (StoreUnavailableException e)
        {
            Answers.Print($"failed {number} {e.Message}");
        }
    }
}
