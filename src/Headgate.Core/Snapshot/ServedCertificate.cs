namespace Headgate.Core.Snapshot;

/// <summary>A certificate as it is shown to clients: read when the configuration changed, shared by all handshakes. The data plane makes them; immutable.</summary>
public abstract class ServedCertificate
{
    /// <summary>Whether clients are asked for a certificate of theirs.</summary>
    public abstract bool AsksClients { get; }
}
