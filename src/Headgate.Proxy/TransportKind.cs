namespace Headgate.Proxy;

/// <summary>What carries the bytes of HTTP/1.1 clients and of clear-text nodes.</summary>
public enum TransportKind
{
    /// <summary>Headgate's own event loops, one per core (Linux).</summary>
    Loops,

    /// <summary>Kestrel's sockets and .NET's own towards nodes.</summary>
    Kestrel,
}
