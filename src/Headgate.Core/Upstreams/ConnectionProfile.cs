using Headgate.Core.Config;

namespace Headgate.Core.Upstreams;

/// <summary>
/// What two requests must have in common to share a connection to an endpoint. Equal profiles share connections, so an edit that changes
/// none of this closes none.
/// </summary>
/// <param name="Https">Whether the connection is TLS.</param>
/// <param name="ServerName">
/// Name sent as SNI and checked when <see cref="UpstreamTlsConfig.Verify"/>; null = the node's host as written, or none when that is an address.
/// Only set for https with pass_host rewrite.
/// </param>
/// <param name="Tls">TLS settings; null = none given.</param>
/// <param name="Pool">Limits of the idle connections.</param>
public sealed record ConnectionProfile(bool Https, string? ServerName, UpstreamTlsConfig? Tls, KeepalivePoolConfig Pool);
