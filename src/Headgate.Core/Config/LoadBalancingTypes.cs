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

    /// <summary>The lower latency times requests in flight, of two random nodes.</summary>
    public const string PeakEwma = "ewma";

    /// <summary>Fewest requests in flight per weight, of two random nodes. Beyond APISIX.</summary>
    public const string PowerOfTwoChoices = "p2c";

    /// <summary>Drawn by weight. Beyond APISIX.</summary>
    public const string Random = "random";

    /// <summary>Consistent hashing with a look-up table. Beyond APISIX.</summary>
    public const string Maglev = "maglev";

    /// <summary>All of them, the default first.</summary>
    public static ImmutableArray<string> All { get; } = [RoundRobin, ConsistentHash, LeastConnections, PeakEwma, PowerOfTwoChoices, Random, Maglev];

    /// <summary>Whether a type hashes a part of the request, and so has <c>hash_on</c>, <c>key</c> and <c>hash_balance_factor</c>.</summary>
    public static bool Hashes(string type) => type is ConsistentHash or Maglev;
}
