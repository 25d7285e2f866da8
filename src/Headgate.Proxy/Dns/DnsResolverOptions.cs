using System.Net;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Dns;

/// <summary>How names are resolved.</summary>
public sealed record DnsResolverOptions
{
    /// <summary>The defaults: what the system's files say.</summary>
    public static DnsResolverOptions Default { get; } = new();

    /// <summary>Name servers, instead of those of <see cref="ResolvConfPath"/>; empty = those. Default: empty.</summary>
    public EquatableArray<IPEndPoint> Servers { get; init; } = [];

    /// <summary>File with name servers, search domains and how they are asked; read anew when it changes. Default <c>/etc/resolv.conf</c>.</summary>
    public string ResolvConfPath { get; init; } = "/etc/resolv.conf";

    /// <summary>File with addresses that no name server is asked for, read anew when it changes; null = none. Default <c>/etc/hosts</c>.</summary>
    public string? HostsPath { get; init; } = "/etc/hosts";

    /// <summary>Whether names are looked for in the search domains of <see cref="ResolvConfPath"/>, too; default true.</summary>
    public bool UsesSearch { get; init; } = true;

    /// <summary>Whether IPv6 addresses are asked for; default true.</summary>
    public bool UsesIpv6 { get; init; } = true;

    /// <summary>How long a question may take, all servers and tries together; more than 0, default 5 s (APISIX's <c>resolver_timeout</c>).</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long records count, whatever their TTL; null = as long as their TTL says, within the bounds. Default null.</summary>
    public TimeSpan? ValidFor { get; init; }

    /// <summary>The shortest time that an answer counts; more than 0, default 1 s: a TTL of 0 must not make a question of every request.</summary>
    public TimeSpan TtlMin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time that records count; default 1 hour: a mistake in a zone is not kept for days.</summary>
    public TimeSpan TtlMax { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest time that it counts that there is no name or no record; default 30 s, where RFC 2308 allows hours: a name that is looked up here is meant to be there.</summary>
    public TimeSpan NegativeTtlMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long addresses of <see cref="HostsPath"/> count; default 5 s.</summary>
    public TimeSpan HostsValidFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Answers kept; ≥ 1, default 10,000. The one that was not used for longest goes first.</summary>
    public int AnswersMax { get; init; } = 10_000;

    /// <summary>Questions under way at once; ≥ 1, default 128, two for each host that is looked up at once. Each holds a socket.</summary>
    public int QuestionsMax { get; init; } = 128;
}
