namespace Headgate.Proxy.Dns;

/// <summary>SRV (RFC 2782).</summary>
/// <param name="Owner">The name it is of.</param>
/// <param name="TtlSeconds">How long it counts.</param>
/// <param name="Priority">The lowest is used first.</param>
/// <param name="Weight">Share among those of one priority; 0 = next to nothing.</param>
/// <param name="Port">Port of the service.</param>
/// <param name="Target">Host of the service; empty (the root) = the service is decidedly not there.</param>
internal sealed record ServiceRecord(string Owner, int TtlSeconds, ushort Priority, ushort Weight, ushort Port, string Target) : DnsRecord(Owner, TtlSeconds)
{
    /// <inheritdoc/>
    public override DnsType Type => DnsType.Srv;
}
