namespace Headgate.Tests.Fuzz;

/// <summary>Threads for clients that block.</summary>
internal static class Threads
{
    /// <summary>Runs <paramref name="body"/> on <paramref name="count"/> threads of their own; ends when all have, with what went wrong.</summary>
    public static Task RunAsync(int count, Action<int> body) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(index => Task.Factory.StartNew(() => body(index), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
}
