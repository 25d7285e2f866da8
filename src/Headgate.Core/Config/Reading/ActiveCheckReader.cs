using System.Collections.Immutable;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads <c>checks.active</c>: APISIX's fields by APISIX's rules (schema.md 1.4), and those beyond.</summary>
internal static class ActiveCheckReader
{
    private static readonly ImmutableArray<string> Types = ["http", "https", "tcp", "grpc"];

    /// <summary>Reads <c>checks.active</c> of <paramref name="upstream"/>.</summary>
    public static ActiveCheckConfig Read(ObjectReader reader, ObjectReader upstream, UpstreamScheme scheme)
    {
        var config = new ActiveCheckConfig();
        config = config with
        {
            Type = HealthChecksReader.TypeOf(reader.Choice("type", Types)),
            Timeout = reader.Duration("timeout", aboveZero: true) ?? config.Timeout,
            Concurrency = reader.Integer("concurrency", 1) ?? config.Concurrency,
            Host = reader.Host("host"),
            Port = reader.Integer("port", 1, 65535),
            Method = reader.Choice("http_method", HttpMethods.All) ?? config.Method,
            Path = reader.Text("http_path") ?? config.Path,
            Body = reader.Text("http_req_body") ?? config.Body,
            VerifyCertificate = reader.Flag("https_verify_certificate") ?? config.VerifyCertificate,
            GrpcServiceName = reader.Text("grpc_service_name") ?? config.GrpcServiceName,
            ReusesConnection = reader.Flag("reuse_connection") ?? config.ReusesConnection,
            IsMandatory = reader.Flag("mandatory") ?? config.IsMandatory,
            Headers = new EquatableArray<string>(reader.Items<string>("req_headers", 1, unique: false, ItemReaders.Text) ?? []),
        };
        HealthThresholds limits = config.Thresholds;
        ObjectReader? healthy = reader.Object("healthy"), unhealthy = reader.Object("unhealthy");
        if (healthy is not null)
        {
            config = config with
            {
                HealthyInterval = Interval(healthy) ?? config.HealthyInterval,
                HealthyStatuses = HealthChecksReader.Statuses(healthy) ?? config.HealthyStatuses,
            };
            limits = HealthChecksReader.Successes(healthy, 1, limits);
        }

        if (unhealthy is not null)
        {
            config = config with
            {
                UnhealthyInterval = Interval(unhealthy) ?? config.UnhealthyInterval,
                UnhealthyStatuses = HealthChecksReader.Statuses(unhealthy) ?? config.UnhealthyStatuses,
            };
            limits = HealthChecksReader.Failures(unhealthy, 1, limits);
        }

        CheckLines(reader, config);
        CheckGrpc(reader, config, upstream, scheme);
        if (config.Type == HealthCheckType.Grpc)
            NoteWithoutEffect(reader, healthy, unhealthy);
        CheckReuse(reader, config);
        reader.WarnOthers();
        return config with { Thresholds = limits };
    }

    /// <summary>What is sent line by line must not hold the end of a line.</summary>
    private static void CheckLines(ObjectReader reader, ActiveCheckConfig config)
    {
        if (config.Path.AsSpan().IndexOfAny(" \r\n") >= 0)
            Refuse(reader.At.Property("http_path"), "holds a space or the end of a line; encode it (%20)");
        if (config.Headers.Items.Any(static line => line.AsSpan().IndexOfAny("\r\n") >= 0))
            Refuse(reader.At.Property("req_headers"), "holds the end of a line inside an item; write one item a line, \"Name: value\"");

        void Refuse(Location at, string problem) => reader.Findings.Add(Phase.Own, at, $"{at.Path} {problem}");
    }

    /// <summary>A gRPC service answers where gRPC can be spoken, and has a protocol of its own.</summary>
    private static void CheckGrpc(ObjectReader reader, ActiveCheckConfig config, ObjectReader upstream, UpstreamScheme scheme)
    {
        string type = reader.At.Property("type").Path;
        if (config.Type != HealthCheckType.Grpc)
        {
            if (reader.Has("grpc_service_name"))
                Refuse(reader.At.Property("grpc_service_name"), $"has no effect while {type} is {config.Type.ToString().ToLowerInvariant()}; it acts with grpc");
        }
        else if (scheme is not (UpstreamScheme.Http or UpstreamScheme.Https or UpstreamScheme.Grpc or UpstreamScheme.Grpcs))
        {
            Refuse(reader.At.Property("type"),
                $"grpc is not possible while {upstream.At.Property("scheme").Path} is {scheme.ToString().ToLowerInvariant()}; it is with http, https, grpc and grpcs");
        }

        void Refuse(Location at, string problem) => reader.Findings.Add(Phase.Own, at, $"{at.Path} {problem}");
    }

    /// <summary>APISIX's fields about HTTP say nothing to gRPC.</summary>
    private static void NoteWithoutEffect(ObjectReader reader, ObjectReader? healthy, ObjectReader? unhealthy)
    {
        foreach (string name in (ReadOnlySpan<string>)["http_method", "http_path", "http_req_body"])
            Note(reader, name);
        Note(healthy, "http_statuses");
        Note(unhealthy, "http_statuses");

        void Note(ObjectReader? holder, string name)
        {
            if (holder?.Has(name) == true)
                holder.Findings.Warn(holder.At.Property(name), $"{holder.At.Property(name).Path} has no effect while {reader.At.Property("type").Path} is grpc");
        }
    }

    /// <summary>A connection can be kept where a request follows another and nothing that is sent says otherwise.</summary>
    private static void CheckReuse(ObjectReader reader, ActiveCheckConfig config)
    {
        if (!config.ReusesConnection)
            return;
        Location at = reader.At.Property("reuse_connection");
        if (config.Type == HealthCheckType.Tcp)
            reader.Findings.Add(Phase.Own, at, $"{at.Path} has no effect while {reader.At.Property("type").Path} is tcp; it acts with http, https and grpc");
        if (config.Headers.Items.Any(static line => line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase)))
            reader.Findings.Add(Phase.Own, at, $"{at.Path} has no effect while {reader.At.Property("req_headers").Path} holds a Connection line; leave one of them out");
    }

    private static TimeSpan? Interval(ObjectReader reader) => reader.Integer("interval", 1) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
