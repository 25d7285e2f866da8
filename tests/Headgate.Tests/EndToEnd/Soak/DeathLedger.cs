using System.Collections.Concurrent;
using System.Diagnostics;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>Which nodes died when, and whose answers they broke: what decides whether a failed request had to fail. Used by all threads.</summary>
internal sealed class DeathLedger
{
    /// <summary>How long a death may matter after it: the gateway learns of it from its sockets, and the machine is loaded.</summary>
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, bool> _broken = new();
    private readonly ConcurrentQueue<long> _deaths = new();

    public int Deaths => _deaths.Count;

    /// <summary>A node is about to die.</summary>
    public void AddDeath() => _deaths.Enqueue(Stopwatch.GetTimestamp());

    /// <summary>The node of request <paramref name="id"/> died when it had begun to answer: no gateway can save that.</summary>
    public void AddBroken(long id) => _broken.TryAdd(id, true);

    /// <summary>Whether the answer to <paramref name="id"/> was broken; the node's side may come to say so a little later than the client asks.</summary>
    public async Task<bool> WasBrokenAsync(long id)
    {
        try
        {
            await Eventually.HoldsAsync(() => _broken.ContainsKey(id), "the node's word", 2);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Whether a node died since <paramref name="timestamp"/>, or shortly before.</summary>
    public bool HasDeathSince(long timestamp) => _deaths.Any(death => Stopwatch.GetElapsedTime(death, timestamp) < Echo);
}
