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
internal sealed class HistoryRecorder(EtcdClient client, HistoryReads reads, EtcdOutage outage, EtcdOptions options, TimeProvider time, ILogger logger, string prefix)
{
    private const string Unknown = "unknown";
    private static readonly Origin Expired = new("expiry", "local", "the ttl ran out");
    private static readonly Origin Foreign = new(Unknown, Unknown, "written into etcd by another program");
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(10);

    /// <summary>Own revisions are looked at again after a restart, at most so many.</summary>
    private const int PositionEvery = 1000;

    private readonly string _positionKey = HistoryKeys.PositionOf(prefix);
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
                    await RecordAsync(some[i], cancellationToken);
            }
        }
    }

    private bool IsRecorded(string key) => !PrivateKeys.Contains(key) && !options.UnrecordedPrefixes.Any(other => key.StartsWith(other, StringComparison.Ordinal));

    private async Task RecordAsync(EtcdEvent changed, CancellationToken cancellationToken)
    {
        string key = changed.Now.Key;
        long revision = changed.Now.ModRevision;
        Origin origin = changed.IsDeletion && changed.Before is { Lease: not 0 } leased && await IsOverAsync(leased.Lease, cancellationToken) ? Expired : Foreign;
        ReadOnlyMemory<byte>? before = changed.Before is { } old ? new ReadOnlyMemory<byte>(old.Value) : await FindBeforeAsync(changed.Now, cancellationToken);
        ReadOnlyMemory<byte>? after = changed.IsDeletion ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(changed.Now.Value);
        var record = new CommitRecord(time.GetUtcNow(), origin, [new RecordedChange(key, revision - 1, before, after)]);
        string place = HistoryKeys.Place(await ChapterAsync(revision, cancellationToken), HistoryKeys.ForeignId(revision, key));
        byte[] question = EtcdRequest.Write(writer =>
        {
            writer.WriteStartArray("compare");
            EtcdRequest.Compare(writer, w => w.Key(HistoryKeys.Entry(key, revision - 1)), "VERSION", "EQUAL", 0);
            writer.WriteEndArray();
            writer.WriteStartArray("success");
            Put(writer, HistoryKeys.Record(place), record.Write());
            Put(writer, HistoryKeys.Entry(key, revision - 1), Encoding.UTF8.GetBytes(place));
            Put(writer, _positionKey, Encoding.UTF8.GetBytes((revision - 1).ToString(CultureInfo.InvariantCulture)));
            writer.WriteEndArray();
        });

        // May be asked twice: the second time the entry is there.
        using EtcdReply reply = await client.AskAsync(EtcdClient.TransactionPath, question, cancellationToken);
        if (reply.Succeeded && origin == Foreign)
            EtcdLog.ForeignChange(logger, key, revision);
        _unsaved = 0;
    }

    /// <summary>What a key held before a change whose event does not tell it: what the history says of it last.</summary>
    private async Task<ReadOnlyMemory<byte>?> FindBeforeAsync(EtcdEntry now, CancellationToken cancellationToken)
    {
        if (now.CreateRevision == now.ModRevision)
            return null;
        IReadOnlyList<HistoryRecord> last = await reads.ReadAsync(now.Key, 1, cancellationToken);
        return last.Count > 0 ? last[0].After : null;
    }

    /// <summary>A key with a ttl may also be deleted by hand; its lease then goes on.</summary>
    private async Task<bool> IsOverAsync(long lease, CancellationToken cancellationToken)
    {
        using EtcdReply reply = await client.AskAsync("/v3/lease/timetolive", EtcdRequest.Write(writer => writer.Number("ID", lease)), cancellationToken);
        return EtcdReply.Number(reply.Root, "TTL") < 0;
    }

    /// <summary>The chapter that a revision belongs to.</summary>
    private async Task<long> ChapterAsync(long revision, CancellationToken cancellationToken)
    {
        using EtcdReply reply = await client.AskAsync(EtcdClient.RangePath, EtcdRequest.Write(writer => writer.Key(HistoryKeys.Chapter)), cancellationToken);
        long oldest = 0;
        foreach (JsonElement kv in EtcdReply.Items(reply.Root, "kvs"))
        {
            EtcdEntry entry = EtcdEntry.Read(kv);
            foreach (string number in Encoding.UTF8.GetString(entry.Value).Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend(entry.ModRevision.ToString(CultureInfo.InvariantCulture)))
            {
                oldest = long.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture);
                if (oldest < revision)
                    return oldest;
            }
        }

        return oldest;
    }

    private async Task SaveAsync(long position, CancellationToken cancellationToken)
    {
        byte[] question = EtcdRequest.Write(writer =>
        {
            writer.WriteStartArray("success");
            Put(writer, _positionKey, Encoding.UTF8.GetBytes(position.ToString(CultureInfo.InvariantCulture)));
            writer.WriteEndArray();
        });
        using EtcdReply reply = await client.AskAsync(EtcdClient.TransactionPath, question, cancellationToken);
        Volatile.Write(ref _saved, position);
        Volatile.Write(ref _unsaved, 0);
    }

    private static void Put(Utf8JsonWriter writer, string key, byte[] value) => EtcdRequest.Operation(writer, "request_put", w =>
    {
        w.Key(key);
        w.WriteBase64String("value", value);
    });
}
