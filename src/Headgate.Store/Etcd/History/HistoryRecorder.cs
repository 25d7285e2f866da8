using System.Globalization;
using System.Text;
using System.Text.Json;
using Headgate.Store.Etcd.Wire;
using Microsoft.Extensions.Logging;

namespace Headgate.Store.Etcd.History;

/// <summary>
/// Writes into the history what Headgate did not do itself: what others write into a shared etcd, and what etcd deletes because its time is over. It follows one prefix from where it
/// stood the last time, and may run in several processes at the same time: a record's key says what it is about, so that it is written once.
/// </summary>
internal sealed class HistoryRecorder(EtcdClient client, HistorySearch history, EtcdOutage outage, EtcdOptions options, TimeProvider time, ILogger logger, string prefix)
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(10);

    /// <summary>Own revisions are looked at again after a restart, at most so many.</summary>
    private const int PositionEvery = 1000;

    private readonly string _positionKey = HistoryKeys.PositionOf(prefix);
    private readonly ForeignRecords _records = new(client, history, time, logger, HistoryKeys.PositionOf(prefix));
    private TaskCompletionSource _step = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _begin = long.MaxValue;
    private long _position; // everything up to it was looked at; written by whoever begins, and then by the loop alone
    private long _saved = -1;
    private int _unsaved;
    private bool _failing;

    /// <summary>The prefix that it follows.</summary>
    public string Prefix { get; } = prefix;

    /// <summary>Completed at the next step that it makes.</summary>
    public Task NextStep => Volatile.Read(ref _step).Task;

    /// <summary>Whether a change of this revision is one that it will have recorded sooner or later.</summary>
    public bool Covers(long revision) => revision > Volatile.Read(ref _begin);

    /// <summary>Finds out where it stood; now, the first time. What is changed after this it records.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be used.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _begin) < long.MaxValue)
            return;
        long position = await ReadPositionAsync(cancellationToken);
        if (Interlocked.CompareExchange(ref _begin, position, long.MaxValue) == long.MaxValue)
            Volatile.Write(ref _position, position);
    }

    /// <summary>Writes down how far it is, and returns that.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be used.</exception>
    public async Task<long> SavePositionAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        long position = Volatile.Read(ref _position);
        if (position != Volatile.Read(ref _saved))
            await SaveAsync(position, cancellationToken);
        return position;
    }

    /// <summary>Follows until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(100);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(cancellationToken);
                pause = TimeSpan.FromMilliseconds(100);
                continue;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is StoreUnavailableException or EtcdException)
            {
                if (!_failing)
                    EtcdLog.NotRecording(logger, Prefix, e.Message);
                _failing = true;
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
        }
    }

    /// <summary>Ends when revisions were missed.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        using var watcher = new EtcdWatcher(client, outage, options, time, KeyRange.OfPrefix(Prefix), _position, withBefore: true);
        while (true)
        {
            foreach (EtcdRevision revision in await watcher.NextAsync(cancellationToken))
            {
                if (ReferenceEquals(revision, EtcdRevision.Gap))
                {
                    await SkipAsync(cancellationToken);
                    return;
                }

                await LookAsync(revision.Events, cancellationToken);
                Volatile.Write(ref _position, revision.Revision);
                if (++_unsaved >= PositionEvery)
                    await SaveAsync(_position, cancellationToken);
            }

            if (_failing)
                EtcdLog.RecordingAgain(logger, Prefix);
            _failing = false;
            Interlocked.Exchange(ref _step, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }

    private async Task<long> ReadPositionAsync(CancellationToken cancellationToken)
    {
        using EtcdReply reply = await client.AskAsync(EtcdClient.RangePath, EtcdRequest.Write(writer => writer.Key(_positionKey)), cancellationToken);
        foreach (JsonElement kv in EtcdReply.Items(reply.Root, "kvs"))
        {
            if (long.TryParse(EtcdReply.Bytes(kv, "value"), NumberStyles.None, CultureInfo.InvariantCulture, out long position) && position <= reply.Revision)
                return position;
        }

        await SaveAsync(reply.Revision, cancellationToken);
        return reply.Revision;
    }

    /// <summary>The events are gone: what is there tells what was written last, but not what was deleted, nor what was written in between.</summary>
    private async Task SkipAsync(CancellationToken cancellationToken)
    {
        byte[] question = EtcdRequest.Write(writer =>
        {
            writer.Range(KeyRange.OfPrefix(Prefix));
            writer.Number("min_mod_revision", _position + 1);
        });
        using EtcdReply reply = await client.AskAsync(EtcdClient.RangePath, question, cancellationToken);
        await LookAsync([.. EtcdReply.Items(reply.Root, "kvs").Select(static kv => new EtcdEvent(EtcdEntry.Read(kv), null))], cancellationToken);
        EtcdLog.ChangesNotRecorded(logger, Prefix, _position, reply.Revision);
        await SaveAsync(reply.Revision, cancellationToken);
        Volatile.Write(ref _position, reply.Revision);
    }

    private async Task LookAsync(IReadOnlyList<EtcdEvent> events, CancellationToken cancellationToken)
    {
        foreach (EtcdEvent[] some in events.Where(changed => IsRecorded(changed.Now.Key)).Chunk(100))
        {
            // The newest entry of a key at that revision: the commit's own, or what another recorder has written.
            byte[] question = EtcdRequest.Reads(some.Select<EtcdEvent, Action<Utf8JsonWriter>>(changed => writer =>
            {
                writer.Range(HistoryKeys.Entries(changed.Now.Key, changed.Now.ModRevision - 1));
                writer.Number("limit", 1);
            }));
            using EtcdReply reply = await client.AskAsync(EtcdClient.TransactionPath, question, cancellationToken);
            for (int i = 0; i < some.Length; i++)
            {
                EtcdEntry? newest = null;
                foreach (JsonElement kv in reply.Found(i))
                    newest = EtcdEntry.Read(kv);
                EtcdEntry now = some[i].Now;
                bool known = newest is { } entry && (entry.ModRevision == now.ModRevision || entry.Key == HistoryKeys.Entry(now.Key, now.ModRevision - 1));
                if (!known)
                    await _records.WriteAsync(some[i], cancellationToken);
            }
        }
    }

    private bool IsRecorded(string key) => !PrivateKeys.Contains(key) && !options.UnrecordedPrefixes.Any(other => key.StartsWith(other, StringComparison.Ordinal));

    private async Task SaveAsync(long position, CancellationToken cancellationToken)
    {
        byte[] question = EtcdRequest.Write(writer =>
        {
            writer.WriteStartArray("success");
            EtcdRequest.Put(writer, _positionKey, Encoding.UTF8.GetBytes(position.ToString(CultureInfo.InvariantCulture)));
            writer.WriteEndArray();
        });
        using EtcdReply reply = await client.AskAsync(EtcdClient.TransactionPath, question, cancellationToken);
        Volatile.Write(ref _saved, position);
        Volatile.Write(ref _unsaved, 0);
    }
}
