using System.Net;

namespace Headgate.Proxy.Upstream;

/// <summary>What is known of a host name.</summary>
/// <param name="Addresses">All addresses, in order of preference; empty when the name exists without one.</param>
/// <param name="ValidFor">How long that counts, more than 0: then it is to be asked for again; null = nobody says.</param>
public sealed record HostAnswer(IReadOnlyList<IPAddress> Addresses, TimeSpan? ValidFor);
