namespace Headgate.Proxy.Discovery;

/// <summary>Lets the compiler wait for the first word about services. One caller at a time.</summary>
/// <param name="book">Knows who is waited for.</param>
/// <param name="time">The clock.</param>
internal sealed class FirstAnswers(DiscoveryBook book, TimeProvider time)
{
    private static readonly TimeSpan NoWait = TimeSpan.FromSeconds(10);

    private DateTimeOffset _noWaitUntil;

    /// <summary>
    /// Waits until there was a word about each service that is followed now, be it a failure; not longer than <paramref name="timeout"/>. After a wait that was in vain the next ones
    /// are, for <see cref="NoWait"/>, none: a slow registry must not hold up one edit after the other.
    /// </summary>
    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        Task[] words;
        lock (book.Gate)
            words = [.. book.Unanswered_NeedsLock.Select(static service => service.First.Task)];
        if (words.Length == 0 || time.GetUtcNow() < _noWaitUntil)
            return;
        Task all = Task.WhenAll(words);
        await all.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellationToken.ThrowIfCancellationRequested();
        if (!all.IsCompleted)
            _noWaitUntil = time.GetUtcNow() + NoWait;
    }
}
