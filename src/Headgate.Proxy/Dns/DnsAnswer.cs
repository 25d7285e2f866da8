namespace Headgate.Proxy.Dns;

/// <summary>What the name servers say of a name and a type. No record is an answer as good as any: it has been said by who knows.</summary>
/// <param name="Records">The records, of the type asked for; empty when there are none.</param>
/// <param name="NameExists">Whether the name exists, if without such records.</param>
/// <param name="ValidFor">How long it counts from now on, more than 0.</param>
internal sealed record DnsAnswer(IReadOnlyList<DnsRecord> Records, bool NameExists, TimeSpan ValidFor);
