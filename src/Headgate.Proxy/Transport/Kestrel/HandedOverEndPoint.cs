using System.Net;

namespace Headgate.Proxy.Transport.Kestrel;

/// <summary>Tells Kestrel to take the connections of one of the data plane's listeners from <see cref="HandedOverListenerFactory"/> and to bind nothing.</summary>
/// <param name="listener">Index of the listener in the data plane.</param>
/// <param name="bound">Where it really listens.</param>
internal sealed class HandedOverEndPoint(int listener, IPEndPoint bound) : EndPoint
{
    /// <summary>Index of the listener in the data plane.</summary>
    public int Listener => listener;

    /// <summary>Where it really listens.</summary>
    public IPEndPoint Bound => bound;

    /// <inheritdoc/>
    public override string ToString() => bound.ToString();
}
