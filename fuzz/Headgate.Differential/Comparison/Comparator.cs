using Headgate.Differential.Peers;

namespace Headgate.Differential.Comparison;

/// <summary>The three servers, and what they make of an input.</summary>
internal sealed class Comparator : IAsyncDisposable
{
    private readonly Probe _probe = new();

    private Comparator(HeadgatePeer headgate, KestrelPeer kestrel, NginxPeer nginx) => Peers = [headgate, kestrel, nginx];

    /// <summary>Headgate first.</summary>
    public IReadOnlyList<Peer> Peers { get; }

    /// <summary>Starts all of them.</summary>
    public static async Task<Comparator> StartAsync() => new(await HeadgatePeer.StartAsync(), await KestrelPeer.StartAsync(), await NginxPeer.StartAsync());

    /// <summary>Sends an input to all; what each made of it, in the order of <see cref="Peers"/>.</summary>
    public Task<Observation[]> ObserveAsync(byte[] input, TimeSpan quiet) => Task.WhenAll(Peers.Select(peer => _probe.RunAsync(peer, input, quiet)));

    /// <summary>The signatures of what differs.</summary>
    public async Task<string[]> CompareAsync(byte[] input, TimeSpan quiet)
    {
        Observation[] seen = await ObserveAsync(input, quiet);
        return [.. Enumerable.Range(1, Peers.Count - 1).Select(i => Difference.Of(seen[0], Peers[i].Name, seen[i])).OfType<string>()];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (Peer peer in Peers)
            await peer.DisposeAsync();
    }
}
