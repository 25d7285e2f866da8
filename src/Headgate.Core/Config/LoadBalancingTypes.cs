using System.Collections.Immutable;

namespace Headgate.Core.Config;

/// <summary>
/// Values of an upstream's <c>type</c>. A closed set: APISIX stores any word and fails at request time, Headgate refuses it when it is written.
/// The policies' registry offers exactly these.
/// </summary>
public static class LoadBalancingTypes
{
    /// <summary>Smooth weighted round robin; the default.</summary>
    public const string RoundRobin = "roundrobin";

    /// <summary>Consistent hashing of a part of the request.</summary>
    public const string ConsistentHash = "chash";

    /// <summary>Fewest requests in flight per weight.</summary>
    public const string LeastConnections = "least_conn";

    /// <summary>All of them, the default first.</summary>
    public static ImmutableArray<string> All { get; } = [RoundRobin, ConsistentHash, LeastConnections];
}
