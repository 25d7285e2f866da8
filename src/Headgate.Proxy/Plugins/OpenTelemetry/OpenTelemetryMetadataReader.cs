using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Loggers;

namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>Reads the metadata of <c>opentelemetry</c>.</summary>
internal static class OpenTelemetryMetadataReader
{
    private const string DefaultAddress = "127.0.0.1:4318";

    private static readonly ImmutableArray<string> Sources = ["x-request-id", "random"];

    /// <summary>Reads it.</summary>
    public static OpenTelemetryMetadata Read(ObjectReader reader)
    {
        ObjectReader? collector = reader.Object("collector");
        var metadata = new OpenTelemetryMetadata
        {
            TakesRequestId = reader.Choice("trace_id_source", Sources) == "x-request-id",
            Resource = [.. Values(reader, "resource").Select(static value => new ResourceAttribute(value.Name, value.Value))],
            Collector = Address(collector),
            Timeout = TimeSpan.FromSeconds(collector?.Integer("request_timeout", 1, 3600) ?? 3),
            RequestHeaders = collector is null ? [] : Headers(collector),
            Batch = Batch(reader.Object("batch_span_processor")),
        };
        if (reader.Flag("set_ngx_var") == true)
            reader.Findings.WarnNoEffectYet(reader.At.Property("set_ngx_var"));
        return metadata;
    }

    private static Uri Address(ObjectReader? collector)
    {
        string address = collector?.Text("address", 1, 4096) ?? DefaultAddress;
        string url = address.Contains("://", StringComparison.Ordinal) ? address : "http://" + address;
        if (Uri.TryCreate(url.TrimEnd('/') + "/v1/traces", UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https")
            return uri;
        collector!.Findings.Schema(collector.At.Property("address"), $"\"{address}\" is no address; allowed: host:port, http://host:port, https://host:port");
        return new Uri("http://" + DefaultAddress);
    }

    private static EquatableArray<LogMember> Headers(ObjectReader collector)
    {
        var headers = new List<LogMember>();
        foreach ((string name, object value) in Values(collector, "request_headers"))
        {
            string text = value as string ?? (value is bool flag ? (flag ? "true" : "false") : ((double)value).ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (HeaderTexts.IsToken(name) && !text.Any(char.IsControl))
                headers.Add(new LogMember(name, text));
            else
                collector.Findings.Schema(collector.At.Property("request_headers"), $"\"{name}\" and its value are no header field");
        }

        return [.. headers];
    }

    /// <summary>APISIX's defaults are those of its library.</summary>
    private static BatchConfig Batch(ObjectReader? reader)
    {
        var batch = new BatchConfig
        {
            PendingMax = reader?.Integer("max_queue_size", 1, 1_000_000) ?? 2048,
            BufferDuration = Seconds(reader, "batch_timeout") ?? TimeSpan.FromSeconds(5),
            InactiveTimeout = Seconds(reader, "inactive_timeout") ?? TimeSpan.FromSeconds(2),
            BatchMaxSize = reader?.Integer("max_export_batch_size", 1, 1_000_000) ?? 256,
            MaxRetryCount = 2,
        };
        if (reader?.Flag("drop_on_queue_full") == false)
        {
            Location at = reader.At.Property("drop_on_queue_full");
            reader.Findings.Warn(at, $"{at.Path}: false has no effect: no request waits, and what does not fit is dropped");
        }

        return batch;
    }

    private static TimeSpan? Seconds(ObjectReader? reader, string name) => reader?.Number(name, 0, 86_400) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>The members of an object whose values are texts, numbers and truth values.</summary>
    private static IEnumerable<(string Name, object Value)> Values(ObjectReader reader, string name)
    {
        if (!reader.TryGet(name, out JsonElement values))
            yield break;
        Location at = reader.At.Property(name);
        if (values.ValueKind != JsonValueKind.Object)
        {
            JsonValues.WrongType("object", values, at, reader.Findings);
            yield break;
        }

        foreach (JsonProperty value in values.EnumerateObject())
        {
            switch (value.Value.ValueKind)
            {
                case JsonValueKind.String:
                    yield return (value.Name, value.Value.GetString()!);
                    break;
                case JsonValueKind.Number:
                    yield return (value.Name, value.Value.GetDouble());
                    break;
                case JsonValueKind.True or JsonValueKind.False:
                    yield return (value.Name, value.Value.GetBoolean());
                    break;
                default:
                    reader.Findings.Schema(at.Property(value.Name), "value should match only one schema, but matches none");
                    break;
            }
        }
    }
}
