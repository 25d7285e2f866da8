using System.Collections.Concurrent;
using Headgate.Differential.Wire;

namespace Headgate.Differential.Peers;

/// <summary>
/// What was seen of which client. Every input comes from a loopback address of its own (127.x.y.z), so that a request is known by its client's address
/// whatever the mutations did to it. Written by connections, taken by whoever sent the input.
/// </summary>
internal sealed class RequestLog
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<SeenRequest>> _byClient = new();
    private long _lastId;

    /// <summary>Makes the number of a request.</summary>
    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Notes a request.</summary>
    public void Add(string client, SeenRequest request) => _byClient.GetOrAdd(client, static _ => new()).Enqueue(request);

    /// <summary>Takes all requests of a client, in order.</summary>
    public SeenRequest[] Take(string client) => _byClient.TryRemove(client, out ConcurrentQueue<SeenRequest>? seen) ? [.. seen] : [];
}
