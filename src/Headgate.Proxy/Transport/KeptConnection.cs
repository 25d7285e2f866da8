namespace Headgate.Proxy.Transport;

/// <summary>
/// A connection that can be parked between two exchanges. While it is parked its end is noticed at once; its owner takes it into use again or releases it.
/// </summary>
internal abstract class KeptConnection(DeadlineWheel deadlines) : TransportConnection(deadlines)
{
    /// <summary>Told when the connection ends while it is parked. Set before the first <see cref="TryPark"/>.</summary>
    public IIdleWatcher? IdleWatcher { get; set; }

    /// <summary>Whether it is parked and, as far as known, open.</summary>
    public abstract bool IsParked { get; }

    /// <summary>
    /// Leaves the connection to wait for its next use. False when it cannot: something is pending, unread or unsent, the peer has closed
    /// or spoken out of turn, or it was aborted; then it stays the caller's, to be released.
    /// </summary>
    public abstract bool TryPark();

    /// <summary>Takes a parked connection into use. False when it has ended in the meantime; then it is the caller's, to be released.</summary>
    public abstract bool TryTake();

    /// <summary>
    /// Ends the connection for good, in order (FIN), and gives its buffers back as soon as nothing is pending. Its user calls it, once, and touches nothing
    /// afterwards.
    /// </summary>
    public abstract void Release();
}
