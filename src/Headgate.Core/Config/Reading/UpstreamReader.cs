using System.Collections.Immutable;
using System.Text.Json;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads an upstream, its own object or inline in a route or service.</summary>
internal static class UpstreamReader
{
    private static readonly ImmutableArray<string> Schemes = ["grpc", "grpcs", "http", "https", "tcp", "tls", "udp", "kafka"];
    private static readonly ImmutableArray<string> PassHosts = ["pass", "node", "rewrite"];
    private static readonly ImmutableArray<string> HashSources = ["vars", "header", "cookie", "consumer", "vars_combinations"];

    // No request has a consumer yet: falling back to it would have no effect.
    private static readonly ImmutableArray<string> HashFallbacks = ["vars", "header", "cookie", "vars_combinations"];

    public static UpstreamConfig? Read(string id, JsonElement value, Location at, Findings findings)
    {
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return null;

        string? name = MetadataReader.ReadName(reader);
        UpstreamScheme scheme = ReadScheme(reader);
        string? passHost = reader.Choice("pass_host", PassHosts);
        var config = new UpstreamConfig
        {
            Id = id,
            Name = name,
            Scheme = scheme,
            Nodes = NodesReader.Read(reader, scheme),
            Type = reader.Choice("type", LoadBalancingTypes.All) ?? LoadBalancingTypes.RoundRobin,
            HashOn = reader.Choice("hash_on", HashSources) ?? "vars",
            Key = reader.Text("key"),
            HashFallback = reader.Choice("hash_fallback", HashFallbacks),
            HashFallbackKey = reader.Text("hash_fallback_key"),
            HashBalanceFactor = reader.Integer("hash_balance_factor", 100),
            Sticky = StickyReader.Read(reader),
            Subset = SubsetReader.Read(reader),
            ZoneAware = ZoneAwareReader.Read(reader),
            RateLimit = RateLimitReader.Read(reader),
            RequestHeaders = RequestHeadersReader.Read(reader),
            Retries = reader.Integer("retries", 0),
            RetryTimeout = reader.Duration("retry_timeout", aboveZero: false),
            Retry = RetryReader.Read(reader),
            Hedging = HedgingReader.Read(reader),
            CircuitBreaker = CircuitBreakerReader.Read(reader),
            Timeout = TimeoutReader.Read(reader),
            PassHost = passHost switch { "node" => PassHost.Node, "rewrite" => PassHost.Rewrite, _ => PassHost.Pass },
            UpstreamHost = reader.Host("upstream_host"),
            KeepalivePool = KeepalivePoolReader.Read(reader),
            Tls = UpstreamTlsReader.Read(reader),
            Service = DiscoveryReader.Read(reader),
            Checks = HealthChecksReader.Read(reader, scheme),
            OutlierDetection = OutlierDetectionReader.Read(reader),
            PanicThreshold = reader.Integer("panic_threshold", 0, 100) ?? 0,
            FailTrafficOnPanic = reader.Flag("fail_traffic_on_panic") ?? false,
            WarmUp = WarmUpReader.Read(reader),
            MaxRequests = reader.Integer("max_requests", 1),
            Queue = RequestLimitsReader.ReadQueue(reader),
        };
        reader.ForbidOthers();
        UpstreamRules.Check(reader, config);
        return Normalize(config);
    }

    private static UpstreamScheme ReadScheme(ObjectReader reader) => reader.Choice("scheme", Schemes) switch
    {
        "https" => UpstreamScheme.Https,
        "grpc" => UpstreamScheme.Grpc,
        "grpcs" => UpstreamScheme.Grpcs,
        "kafka" => UpstreamScheme.Kafka,
        "tcp" => UpstreamScheme.Tcp,
        "tls" => UpstreamScheme.Tls,
        "udp" => UpstreamScheme.Udp,
        _ => UpstreamScheme.Http,
    };

    /// <summary>Drops what has no effect, so that equal records mean equal behaviour.</summary>
    private static UpstreamConfig Normalize(UpstreamConfig config)
    {
        bool hashes = LoadBalancingTypes.Hashes(config.Type);
        return config with
        {
            UpstreamHost = config.PassHost == PassHost.Rewrite ? config.UpstreamHost : null,
            HashOn = hashes ? config.HashOn : "vars",
            Key = hashes ? config.Key : null,
        };
    }
}
