using System.Net;
using System.Net.Sockets;

namespace Headgate.Proxy.Dns;

/// <summary>A or AAAA.</summary>
internal sealed record AddressRecord(string Owner, int TtlSeconds, IPAddress Address) : DnsRecord(Owner, TtlSeconds)
{
    /// <inheritdoc/>
    public override DnsType Type => Address.AddressFamily == AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa;
}
