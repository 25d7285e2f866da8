using System.Collections.Immutable;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads an upstream's <c>checks</c> by APISIX's rules (schema.md 1.4).</summary>
internal static class HealthChecksReader
{
    private static readonly ImmutableArray<string> Types = ["http", "https", "tcp"];

    /// <summary>Null when there is none, or none that can be used.</summary>
    public static HealthChecksConfig? Read(ObjectReader upstream)
    {
        if (upstream.Object("checks") is not { } reader)
            return null;

        ActiveCheckConfig? active = reader.Object("active") is { } a ? ReadActive(a) : null;
        PassiveCheckConfig? passive = reader.Object("passive") is { } p ? ReadPassive(p) : null;
        if (!reader.Has("active"))
            reader.Findings.Schema(reader.At, "object matches none of the required: [\"active\"] or [\"active\",\"passive\"]");
        reader.WarnOthers();
        return active is null ? null : new HealthChecksConfig(active, passive);
    }

    private static ActiveCheckConfig ReadActive(ObjectReader reader)
    {
        var config = new ActiveCheckConfig();
        config = config with
        {
            Type = ReadType(reader),
            Timeout = reader.Duration("timeout", aboveZero: true) ?? config.Timeout,
            Concurrency = reader.Integer("concurrency", 1) ?? config.Concurrency,
            Host = reader.Host("host"),
            Port = reader.Integer("port", 1, 65535),
            Method = reader.Choice("http_method", HttpMethods.All) ?? config.Method,
            Path = reader.Text("http_path") ?? config.Path,
            Body = reader.Text("http_req_body") ?? config.Body,
            VerifyCertificate = reader.Flag("https_verify_certificate") ?? config.VerifyCertificate,
            Headers = new EquatableArray<string>(reader.Items<string>("req_headers", 1, unique: false, ItemReaders.Text) ?? []),
        };
        HealthThresholds limits = config.Thresholds;
        if (reader.Object("healthy") is { } healthy)
        {
            config = config with
            {
                HealthyInterval = Interval(healthy) ?? config.HealthyInterval,
                HealthyStatuses = Statuses(healthy) ?? config.HealthyStatuses,
            };
            limits = Successes(healthy, 1, limits);
        }

        if (reader.Object("unhealthy") is { } unhealthy)
        {
            config = config with
            {
                UnhealthyInterval = Interval(unhealthy) ?? config.UnhealthyInterval,
                UnhealthyStatuses = Statuses(unhealthy) ?? config.UnhealthyStatuses,
            };
            limits = Failures(unhealthy, 1, limits);
        }

        CheckLines(reader, config);
        reader.WarnOthers();
        return config with { Thresholds = limits };
    }

    private static PassiveCheckConfig ReadPassive(ObjectReader reader)
    {
        var config = new PassiveCheckConfig { Type = ReadType(reader) };
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

    private static HealthCheckType ReadType(ObjectReader reader) => reader.Choice("type", Types) switch
    {
        "https" => HealthCheckType.Https,
        "tcp" => HealthCheckType.Tcp,
        _ => HealthCheckType.Http,
    };

    /// <summary>What is sent line by line must not hold the end of a line.</summary>
    private static void CheckLines(ObjectReader reader, ActiveCheckConfig config)
    {
        if (config.Path.AsSpan().IndexOfAny(" \r\n") >= 0)
            Refuse(reader.At.Property("http_path"), "holds a space or the end of a line; encode it (%20)");
        if (config.Headers.Items.Any(static line => line.AsSpan().IndexOfAny("\r\n") >= 0))
            Refuse(reader.At.Property("req_headers"), "holds the end of a line inside an item; write one item a line, \"Name: value\"");

        void Refuse(Location at, string problem) => reader.Findings.Add(Phase.Own, at, $"{at.Path} {problem}");
    }

    private static TimeSpan? Interval(ObjectReader reader) => reader.Integer("interval", 1) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static StatusSet? Statuses(ObjectReader reader) =>
        reader.Items<int>("http_statuses", 1, unique: true, ItemReaders.Status) is { } statuses ? new StatusSet(statuses.AsSpan()) : null;

    private static HealthThresholds Successes(ObjectReader reader, int min, HealthThresholds limits)
    {
        limits = limits with { Successes = reader.Integer("successes", min, 254) ?? limits.Successes };
        reader.WarnOthers();
        return limits;
    }

    private static HealthThresholds Failures(ObjectReader reader, int min, HealthThresholds limits)
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
