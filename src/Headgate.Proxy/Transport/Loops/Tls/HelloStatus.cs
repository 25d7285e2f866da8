namespace Headgate.Proxy.Transport.Loops.Tls;

/// <summary>What the first bytes of a connection are.</summary>
internal enum HelloStatus
{
    /// <summary>The beginning of a ClientHello, so far.</summary>
    Incomplete,

    /// <summary>A whole ClientHello.</summary>
    Complete,

    /// <summary>Something else, or a ClientHello longer than one is looked at: for the handshake to judge.</summary>
    Other,
}
