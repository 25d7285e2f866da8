using System.Net;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Registries;

/// <summary>DNS as a registry: a service is a name (docs/reference/discovery/dns.md). Exactly one of <see cref="Servers"/> and <see cref="ResolvConf"/> is given.</summary>
public sealed record DnsConfig() : RegistryConfig(TypeName)
{
    /// <summary>Its name as a type.</summary>
    public const string TypeName = "dns";

    /// <summary>The order where none is written: APISIX's.</summary>
    public static readonly EquatableArray<DnsStep> DefaultOrder = [DnsStep.Last, DnsStep.Srv, DnsStep.A, DnsStep.Aaaa, DnsStep.Cname];

    /// <summary><c>servers</c>: the name servers to ask; empty = those of <see cref="ResolvConf"/>.</summary>
    public EquatableArray<IPEndPoint> Servers { get; init; } = [];

    /// <summary><c>resolv_conf</c>: file that names them, with search domains; null = <see cref="Servers"/> are given.</summary>
    public string? ResolvConf { get; init; }

    /// <summary><c>order</c>: what is asked for, one after the other until there is something; at least one step, none twice.</summary>
    public EquatableArray<DnsStep> Order { get; init; } = DefaultOrder;

    /// <summary>Servers, file and order.</summary>
    public override string ToString() => $"{nameof(DnsConfig)} {{ {(ResolvConf is null ? string.Join(", ", Servers.Items) : ResolvConf)}, {string.Join(' ', Order.Items)} }}";
}
