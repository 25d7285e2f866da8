namespace Headgate.Store.Etcd.History;

/// <summary>The history of one key. A change by others is in the history a moment after it is in the store: who asks for the one because of the other waits that long.</summary>
internal sealed class KeyHistory(EtcdReads reads, HistorySearch history, IReadOnlyList<HistoryRecorder> recorders, TimeProvider time)
{
    /// <summary>How long a change by others is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Changes of one key, newest first.</summary>
    /// <exception cref="StoreUnavailableException">They cannot be read.</exception>
    public async ValueTask<IReadOnlyList<HistoryRecord>> ReadAsync(string key, int limit, CancellationToken cancellationToken)
    {
        HistoryRecorder? recorder = recorders.FirstOrDefault(recorder => key.StartsWith(recorder.Prefix, StringComparison.Ordinal));
        if (recorder is null)
            return await history.ReadAsync(key, limit, cancellationToken);
        long began = time.GetTimestamp();
        while (true)
        {
            Task step = recorder.NextStep;
            StoreEntry? entry = await reads.FindAsync(key, cancellationToken);
            IReadOnlyList<HistoryRecord> records = await history.ReadAsync(key, limit, cancellationToken);
            bool lags = entry is null
                ? records is [{ After: not null }, ..]
                : recorder.Covers(entry.ModRevision) && (records.Count == 0 || records[0].Revision < entry.ModRevision);
            TimeSpan left = Patience - time.GetElapsedTime(began);
            if (!lags || left <= TimeSpan.Zero)
                return records;
            await Task.WhenAny(step, Task.Delay(left, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
