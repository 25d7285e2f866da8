namespace Headgate.Proxy.Dns;

/// <summary>CNAME: the owner is another name for <paramref name="Target"/>.</summary>
internal sealed record AliasRecord(string Owner, int TtlSeconds, string Target) : DnsRecord(Owner, TtlSeconds)
{
    /// <inheritdoc/>
    public override DnsType Type => DnsType.Cname;
}
