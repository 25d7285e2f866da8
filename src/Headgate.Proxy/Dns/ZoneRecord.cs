namespace Headgate.Proxy.Dns;

/// <summary>SOA, as far as it matters for negative answers (RFC 2308).</summary>
/// <param name="Owner">The zone.</param>
/// <param name="TtlSeconds">How long the record counts.</param>
/// <param name="MinimumSeconds">How long the absence of a name or record may count at most.</param>
internal sealed record ZoneRecord(string Owner, int TtlSeconds, int MinimumSeconds) : DnsRecord(Owner, TtlSeconds)
{
    /// <inheritdoc/>
    public override DnsType Type => DnsType.Soa;

    /// <summary>How long the negative answer that holds it counts (RFC 2308 §5).</summary>
    public int NegativeSeconds => Math.Min(TtlSeconds, MinimumSeconds);
}
