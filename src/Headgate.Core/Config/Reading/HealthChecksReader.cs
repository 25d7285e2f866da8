using System.Collections.Immutable;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads an upstream's <c>checks</c> by APISIX's rules (schema.md 1.4).</summary>
internal static class HealthChecksReader
{
    private static readonly ImmutableArray<string> Types = ["http", "https", "tcp"];

    /// <summary>Null when there is none, or none that can be used.</summary>
    public static HealthChecksConfig? Read(ObjectReader upstream, UpstreamScheme scheme)
    {
        if (upstream.Object("checks") is not { } reader)
            return null;

        ActiveCheckConfig? active = reader.Object("active") is { } a ? ActiveCheckReader.Read(a, upstream, scheme) : null;
        PassiveCheckConfig? passive = reader.Object("passive") is { } p ? ReadPassive(p) : null;
        if (!reader.Has("active"))
            reader.Findings.Schema(reader.At, "object matches none of the required: [\"active\"] or [\"active\",\"passive\"]");
        reader.WarnOthers();
        return active is null ? null : new HealthChecksConfig(active, passive);
    }

    private static PassiveCheckConfig ReadPassive(ObjectReader reader)
    {
        var config = new PassiveCheckConfig { Type = TypeOf(reader.Choice("type", Types)) };
        HealthThresholds limits = config.Thresholds;
        if (reader.Object("healthy") is { } healthy)
        {
            config = config with { HealthyStatuses = Statuses(healthy) ?? config.HealthyStatuses };
            limits = Successes(healthy, 0, limits);
        }

        if (reader.Object("unhealthy") is { } unhealthy)
        {
            config = config with { UnhealthyStatuses = Statuses(unhealthy) ?? config.UnhealthyStatuses };
            limits = Failures(unhealthy, 0, limits);
        }

        reader.WarnOthers();
        return config with { Thresholds = limits };
    }

    /// <summary>The type of that name; http when there is none.</summary>
    public static HealthCheckType TypeOf(string? name) => name switch
    {
        "https" => HealthCheckType.Https,
        "tcp" => HealthCheckType.Tcp,
        "grpc" => HealthCheckType.Grpc,
        _ => HealthCheckType.Http,
    };

    /// <summary>Null when they are not given.</summary>
    public static StatusSet? Statuses(ObjectReader reader) =>
        reader.Items<int>("http_statuses", 1, unique: true, ItemReaders.Status) is { } statuses ? new StatusSet(statuses.AsSpan()) : null;

    /// <summary>Thresholds of <c>healthy</c>, at least <paramref name="min"/> each, put into <paramref name="limits"/>; every other member is noted.</summary>
    public static HealthThresholds Successes(ObjectReader reader, int min, HealthThresholds limits)
    {
        limits = limits with { Successes = reader.Integer("successes", min, 254) ?? limits.Successes };
        reader.WarnOthers();
        return limits;
    }

    /// <summary>As <see cref="Successes"/>, those of <c>unhealthy</c>.</summary>
    public static HealthThresholds Failures(ObjectReader reader, int min, HealthThresholds limits)
    {
        limits = limits with
        {
            HttpFailures = reader.Integer("http_failures", min, 254) ?? limits.HttpFailures,
            TcpFailures = reader.Integer("tcp_failures", min, 254) ?? limits.TcpFailures,
            Timeouts = reader.Integer("timeouts", min, 254) ?? limits.Timeouts,
        };
        reader.WarnOthers();
        return limits;
    }
}
