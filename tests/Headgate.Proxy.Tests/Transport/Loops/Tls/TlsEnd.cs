namespace Headgate.Proxy.Tests.Transport.Loops.Tls;

/// <summary>How a connection to a <see cref="TlsEchoServer"/> went.</summary>
internal sealed class TlsEnd
{
    public long BytesReceived { get; set; }

    public int Receives { get; set; }

    /// <summary>What the last receive answered; null when the handshake was not completed.</summary>
    public int? LastReceive { get; set; }

    public string? Failure { get; set; }

    public string? ServerName { get; set; }

    public string? Version { get; set; }

    /// <summary>By the server's thread in the last round, and in all of them.</summary>
    public long Allocated { get; set; }

    public long AllocatedTotal { get; set; }

    public Exception? Bug { get; set; }
}
