using System.Text.Json;
using Headgate.Store.Etcd.Wire;

namespace Headgate.Store.Etcd;

/// <summary>
/// Follows a range of keys from a revision on, over as many streams as it takes: a stream that breaks, or whose member falls silent, is replaced by one that begins where it
/// stood, at the next member, for as long as it takes: whoever follows goes on without reading everything anew. What etcd has no longer is a gap. One caller at a time.
/// </summary>
internal sealed class EtcdWatcher(EtcdClient client, EtcdOutage outage, EtcdOptions options, TimeProvider time, KeyRange range, long afterRevision, bool withBefore) : IDisposable
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);

    private readonly int _generation = client.Generation;
    private long _position = afterRevision;
    private EtcdWatchStream? _stream;
    private long _heardAt; // when the stream last said something
    private long _failingSince; // while there are failures
    private int _failures; // since the stream last said something

    /// <summary>The next revisions, in order, at least one; <see cref="EtcdRevision.Gap"/> alone = the watch is over.</summary>
    /// <exception cref="StoreUnavailableException">The watch is refused.</exception>
    public async ValueTask<IReadOnlyList<EtcdRevision>> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                _stream ??= await OpenAsync(cancellationToken);
                EtcdReply? message = await _stream.ReadAsync(options.WatchSilence, time, cancellationToken);
                if (message is null)
                {
                    await AskMemberAsync(_stream, cancellationToken);
                    continue;
                }

                using (message)
                {
                    if (await ReadAsync(_stream, message, cancellationToken) is { Count: > 0 } revisions)
                        return revisions;
                }
            }
            catch (EtcdException e)
            {
                await FailedAsync(e, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        outage.End(this);
    }

    private async Task<EtcdWatchStream> OpenAsync(CancellationToken cancellationToken)
    {
        // It begins with the last revision seen, which is dropped below: etcd forgets the deletions of the very revision that it is compacted at, and says nothing
        // when a watch begins there (https://github.com/etcd-io/etcd/issues/18089; Debian 12's 3.4.23 has it). One revision earlier it does.
        byte[] question = EtcdRequest.Write(writer =>
        {
            writer.WriteStartObject("create_request");
            writer.Range(range);
            writer.Number("start_revision", Math.Max(1, _position));
            writer.WriteBoolean("prev_kv", withBefore);
            writer.WriteEndObject();
        });
        EtcdWatchStream stream = await client.OpenWatchAsync(client.Endpoints.Current, question, cancellationToken);
        _heardAt = time.GetTimestamp();
        return stream;
    }

    /// <summary>What a message says; nothing when it is only about the watch itself.</summary>
    private async ValueTask<IReadOnlyList<EtcdRevision>> ReadAsync(EtcdWatchStream stream, EtcdReply message, CancellationToken cancellationToken)
    {
        _heardAt = time.GetTimestamp();
        if (message.Root.TryGetProperty("error", out JsonElement error))
            throw EtcdRefusals.Of(stream.Member, (int)EtcdReply.Number(error, "grpc_code"), error.TryGetProperty("message", out JsonElement text) ? text.GetString()! : "the watch failed");
        JsonElement result = message.Root.GetProperty("result");
        client.SeeCluster(result);
        if (client.Generation != _generation || EtcdReply.Number(result, "compact_revision") > 0)
            return [EtcdRevision.Gap];
        if (result.TryGetProperty("canceled", out JsonElement canceled) && canceled.GetBoolean())
            throw Canceled(stream.Member, result);
        if (_failures > 0)
            outage.End(this);
        _failures = 0;
        if (result.TryGetProperty("created", out JsonElement created) && created.GetBoolean())
            return EtcdReply.RevisionOf(result) < _position && await ReadNewestAsync(cancellationToken) < _position ? [EtcdRevision.Gap] : [];
        return Revisions(result);
    }

    private List<EtcdRevision> Revisions(JsonElement result)
    {
        var revisions = new List<EtcdRevision>();
        List<EtcdEvent>? events = null;
        long current = _position;
        foreach (JsonElement item in EtcdReply.Items(result, "events"))
        {
            EtcdEntry now = EtcdEntry.Read(item.GetProperty("kv"));
            if (now.ModRevision <= _position)
                continue;
            if (events is null || now.ModRevision != current)
            {
                current = now.ModRevision;
                revisions.Add(new EtcdRevision(current, events = []));
            }

            events.Add(new EtcdEvent(now, item.TryGetProperty("prev_kv", out JsonElement before) ? EtcdEntry.Read(before) : null));
        }

        foreach (EtcdRevision revision in revisions)
            ((List<EtcdEvent>)revision.Events).Sort(static (left, right) => KeyOrder.Compare(left.Now.Key, right.Now.Key));
        _position = current;
        return revisions;
    }

    /// <summary>A silent stream may be a quiet configuration, a hung member, or one that is cut off: whoever answers a read that needs the others is none of the latter two.</summary>
    private async Task AskMemberAsync(EtcdWatchStream stream, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_heardAt) >= options.WatchRenewal)
        {
            Close();
            return;
        }

        using EtcdReply reply = await client.AskAsync(stream.Member, EtcdClient.RangePath, EtcdReads.Nothing, cancellationToken);
    }

    private async Task<long> ReadNewestAsync(CancellationToken cancellationToken)
    {
        using EtcdReply reply = await client.AskAsync(EtcdClient.RangePath, EtcdReads.Nothing, cancellationToken);
        return reply.Revision;
    }

    private static EtcdException Canceled(Uri member, JsonElement result)
    {
        string reason = result.TryGetProperty("cancel_reason", out JsonElement text) ? text.GetString()! : "the watch was ended";
        bool denied = reason.Contains("permission denied", StringComparison.OrdinalIgnoreCase) || reason.Contains("PermissionDenied", StringComparison.Ordinal);
        return new EtcdException($"{EtcdEndpoints.Name(member)}: {reason}", denied ? EtcdFailure.Refused : EtcdFailure.Unknown);
    }

    private async Task FailedAsync(EtcdException e, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // this may be a thread that serves traffic
        if (_stream is { } stream)
            client.Endpoints.Failed(stream.Member);
        Close();
        long now = time.GetTimestamp();
        if (_failures++ == 0)
            _failingSince = now;
        if (e.Failure == EtcdFailure.Refused && _failures > 1)
            throw client.Unavailable(e);
        if (time.GetElapsedTime(_failingSince, now) is var lasted && lasted >= options.AttemptTimeout * 2)
            outage.Begin(this, lasted, e.Message);

        // A login that ran out looks like a missing permission to a watch. A read tells which it is, and renews the login.
        if (e.Failure == EtcdFailure.Refused)
            await ReadNewestAsync(cancellationToken);
        if (_failures % client.Endpoints.Count == 0)
        {
            TimeSpan pause = PauseMin * Math.Pow(2, Math.Min(_failures / client.Endpoints.Count, 6));
            await Task.Delay(pause < PauseMax ? pause : PauseMax, time, cancellationToken);
        }
    }

    private void Close()
    {
        _stream?.Dispose();
        _stream = null;
    }
}
