using System.Net;
using Headgate.Differential.Wire;

namespace Headgate.Differential.Peers;

/// <summary>A running server that inputs are sent to.</summary>
internal abstract class Peer(string name) : IAsyncDisposable
{
    /// <summary>How the server is called in verdicts.</summary>
    public string Name => name;

    /// <summary>Where it listens.</summary>
    public abstract IPEndPoint EndPoint { get; }

    /// <summary>The origin behind it; null for a server that answers itself.</summary>
    public virtual RecordingOrigin? Origin => null;

    /// <summary>What it, or the origin behind it, understood.</summary>
    public RequestLog Log { get; } = new();

    /// <summary>Why it refused a client's request, in words that are the same for all requests of a kind.</summary>
    public abstract ValueTask<string> ReasonAsync(string client, Answer refusal);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
