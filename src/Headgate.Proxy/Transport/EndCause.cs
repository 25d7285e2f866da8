namespace Headgate.Proxy.Transport;

/// <summary>Why this side ended a connection.</summary>
public enum EndCause
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>Its deadline passed.</summary>
    Deadline,

    /// <summary>The other side of the exchange is gone, so nobody needs it.</summary>
    NotNeeded,

    /// <summary>The node it leads to is being drained, and the deadline has passed.</summary>
    Drained,

    /// <summary>The gateway is stopping.</summary>
    Shutdown,

    /// <summary>The peer broke the protocol.</summary>
    ProtocolError,
}
