using Headgate.Core.Config;

namespace Headgate.Core.Snapshot;

/// <summary>A certificate object that is being served.</summary>
/// <param name="Config">What a user wrote.</param>
/// <param name="Served">Ready for handshakes; null for one that is shown to nodes, and when nobody makes them.</param>
internal sealed record HeldCertificate(SslConfig Config, ServedCertificate? Served);
