using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary><c>opentelemetry</c>: traces requests, and sends the spans to a collector.</summary>
internal sealed class OpenTelemetryKind : PluginKind<OpenTelemetryConfig>
{
    private static readonly ImmutableArray<string> Samplers = ["always_off", "always_on", "trace_id_ratio", "parent_base"];

    /// <inheritdoc/>
    public override string Name => "opentelemetry";

    /// <inheritdoc/>
    public override int Priority => 12009;

    /// <inheritdoc/>
    public override IReadOnlyList<string> MetadataSecretFields { get; } = ["collector.request_headers"];

    /// <inheritdoc/>
    public override PluginConfig? ReadMetadata(ObjectReader reader) => OpenTelemetryMetadataReader.Read(reader);

    /// <inheritdoc/>
    protected override OpenTelemetryConfig? ReadConfig(ObjectReader reader)
    {
        var off = new SamplerConfig(SamplerName.AlwaysOff);
        var config = new OpenTelemetryConfig(reader.Object("sampler") is { } sampler ? ReadSampler(sampler, Samplers.Length) : off)
        {
            Attributes = new EquatableArray<string>(reader.Items<string>("additional_attributes", 0, unique: false, ReadName) ?? []),
            Fields = new EquatableArray<string>([.. (reader.Items<string>("additional_header_prefix_attributes", 0, unique: false, ReadName) ?? []).Select(static name => name.ToLowerInvariant())]),
        };
        foreach (string unknown in SpanAttributes.Unknown(config))
            reader.Findings.Warn(reader.At.Property("additional_attributes"), $"{reader.At.Property("additional_attributes").Path}: {unknown} is not known here, and no span has it");
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(OpenTelemetryConfig config, PluginServices services) =>
        new OpenTelemetryPlugin(config, services.Metadata.Of(Name), services.Shared(static s => new SpanExports(s)), services.Loggers.CreateLogger<OpenTelemetryPlugin>());

    /// <summary>A sampler, one of the first <paramref name="count"/>.</summary>
    private static SamplerConfig ReadSampler(ObjectReader reader, int count)
    {
        SamplerName name = reader.Choice("name", Samplers[..count]) is { } text ? (SamplerName)Samplers.IndexOf(text) : SamplerName.AlwaysOff;
        ObjectReader? options = reader.Object("options");
        double fraction = options?.Number("fraction", 0, 1) ?? 0;
        SamplerConfig? root = null;
        if (count == Samplers.Length && options?.Object("root") is { } inner)
            root = ReadSampler(inner, count - 1);
        options?.ForbidOthers();
        reader.ForbidOthers();

        // What has no effect is left out, so that equal behaviour is equal configuration. APISIX writes all defaults out.
        return new SamplerConfig(
            name, name == SamplerName.TraceIdRatio ? fraction : 0, name == SamplerName.ParentBase ? root ?? new SamplerConfig(SamplerName.AlwaysOff) : null);
    }

    private static bool ReadName(JsonElement value, Location at, Findings findings, out string item)
    {
        string? read = JsonValues.Text(value, at, findings, 1, 256);
        item = read ?? "";
        return read is not null;
    }
}
