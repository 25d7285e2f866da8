using System.Collections.Immutable;
using System.Globalization;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Limits;

namespace Headgate.Proxy.Plugins.LimitCount;

/// <summary><c>limit-count</c>: limits the requests in a window of time.</summary>
internal sealed class LimitCountKind : PluginKind<LimitCountConfig>
{
    private static readonly ImmutableArray<string> Policies = ["local", "redis", "redis-cluster", "redis-sentinel"];
    private static readonly ImmutableArray<string> WindowTypes = ["fixed", "sliding"];

    /// <inheritdoc/>
    public override string Name => "limit-count";

    /// <inheritdoc/>
    public override int Priority => 1002;

    /// <inheritdoc/>
    public override IReadOnlyList<string> SecretFields { get; } = ["redis_password", "sentinel_password"];

    /// <inheritdoc/>
    public override PluginConfig? ReadMetadata(ObjectReader reader) => QuotaFields.Read(reader);

    /// <inheritdoc/>
    protected override LimitCountConfig? ReadConfig(ObjectReader reader)
    {
        LimitReader.ForbidRules(reader);
        LimitTerms terms = LimitReader.Terms(reader, keyTypes: 3, byDefault: "remote_addr", Policies, served: 2);
        string? group = reader.Text("group");
        var config = new LimitCountConfig
        {
            Count = LimitReader.Whole(reader, "count", 1),
            WindowSeconds = LimitReader.Whole(reader, "time_window", 1),
            IsSliding = reader.Choice("window_type", WindowTypes) == "sliding",
            Terms = terms,
            OwnerKey = terms.Redis is null || group is not null ? "" : reader.Findings.OwnerKey,
            Group = group,
            ShowsQuota = reader.Flag("show_limit_quota_header") ?? true,
        };
        ForbidDelayedSync(reader);
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(LimitCountConfig config, PluginServices services)
    {
        CountStore counts = config switch
        {
            { Terms.Redis: { } server } => new RedisCounts(config, services.Shared(static s => new RedisClients(s)).Of(server)),
            { Group: not null } => services.Shared(static s => new CountGroups(s)).Of(config),
            _ => new LocalCounts(config, services.Time),
        };
        return new LimitCountPlugin(config, counts, services.Metadata.Of(Name));
    }

    /// <summary>APISIX's count that is brought to Redis now and then lets through more than the limit; −1 switches it off there as well.</summary>
    private static void ForbidDelayedSync(ObjectReader reader)
    {
        Location at = reader.At.Property("sync_interval");
        if (reader.Number("sync_interval") is { } interval and not -1)
            reader.Findings.Add(Phase.Own, at, string.Create(CultureInfo.InvariantCulture, $"{at.Path}: {interval} is not there, because every request is counted at once; allowed: -1"));
    }
}
