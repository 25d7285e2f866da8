namespace Headgate.Proxy.Transport.Loops.Tls;

/// <summary>How a step of a handshake ended.</summary>
internal enum TlsStep
{
    /// <summary>The handshake is complete.</summary>
    Done,

    /// <summary>The peer has to send more.</summary>
    NeedsInput,

    /// <summary>The socket has to take more.</summary>
    NeedsOutput,

    /// <summary>It failed, or the connection ended.</summary>
    Failed,
}
