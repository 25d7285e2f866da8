namespace Headgate.Proxy.Transport.Loops;

/// <summary>How far a look at a ClientHello came.</summary>
internal enum ClientHelloStatus
{
    /// <summary>What is here may begin one; the rest has not arrived.</summary>
    NeedMore,

    /// <summary>It is all here, and well formed as far as it was looked at.</summary>
    Complete,

    /// <summary>No TLS, malformed, or in a form that is not read here (more than one record): more bytes do not change that.</summary>
    Unreadable,
}
