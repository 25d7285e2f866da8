using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Restart;

/// <summary>
/// The text of the state file: one JSON object, a line a node (docs/reference/state.md). Members that are not known are passed over, so that an older gateway reads a newer
/// file of the same version; a change that it would misread needs another <see cref="Version"/>.
/// </summary>
internal static class NodeRecordsJson
{
    /// <summary>Version of the layout.</summary>
    public const int Version = 1;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly FrozenDictionary<string, NodeChangeKind> ChangeKinds = Enum.GetValues<NodeChangeKind>().ToFrozenDictionary(Name);
    private static readonly FrozenDictionary<string, EjectionReason> Reasons = Enum.GetValues<EjectionReason>().Where(why => why != EjectionReason.None).ToFrozenDictionary(Name);
    private static readonly FrozenDictionary<string, HealthStatus> Healths = Enum.GetValues<HealthStatus>().ToFrozenDictionary(Name);

    /// <summary>What comes before the nodes.</summary>
    public static byte[] Head(DateTimeOffset written) =>
        System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"version\":{Version},\"written\":\"{written.UtcDateTime:O}\",\"nodes\":[\n"));

    /// <summary>What comes after them.</summary>
    public static ReadOnlySpan<byte> Tail => "\n]}\n"u8;

    /// <summary>One node, without the comma before it.</summary>
    /// <param name="to">Where to write.</param>
    /// <param name="node">The node.</param>
    /// <param name="changesMax">So many of the latest entries of its timeline are written.</param>
    public static void Write(IBufferWriter<byte> to, NodeRecord node, int changesMax)
    {
        using var writer = new Utf8JsonWriter(to, WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("owner", node.Key.Owner);
        writer.WriteString("host", node.Key.Host);
        writer.WriteNumber("port", node.Key.Port);
        if (node.AsOf is { } asOf)
            writer.WriteString("as_of", asOf.UtcDateTime);
        if (node.Health != default)
            WriteHealth(writer, node.Health);
        if (node.LatencyMs is { } latencyMs)
        {
            writer.WriteNumber("latency_ms", latencyMs);
            writer.WriteNumber("latency_age_ms", node.LatencyAgeMs);
        }

        if (node.Ejection is { } ejection)
            WriteEjection(writer, ejection);
        if (node.WarmUp is { } warmUp)
            WriteWarmUp(writer, warmUp);
        writer.WriteStartArray("timeline");
        foreach (NodeChange change in node.Timeline.Skip(node.Timeline.Count - changesMax))
        {
            writer.WriteStartObject();
            writer.WriteString("at", change.At.UtcDateTime);
            writer.WriteString("kind", Name(change.Kind));
            writer.WriteString("source", change.Source);
            writer.WriteString("reason", change.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="InvalidDataException">It is no such file, or of another version; the text says what is wrong.</exception>
    public static NodeRecords Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            int version = root.GetProperty("version").GetInt32();
            if (version != Version)
                throw new InvalidDataException($"its version is {version}, this gateway reads version {Version}");
            DateTimeOffset written = root.GetProperty("written").GetDateTimeOffset();
            return new NodeRecords(written, [.. root.GetProperty("nodes").EnumerateArray().Select(node => ReadNode(node, written))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException("it is not as it was written: " + e.Message, e);
        }
    }

    private static string Name(NodeChangeKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static string Name(HealthStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    private static string Name(EjectionReason why) => JsonNamingPolicy.SnakeCaseLower.ConvertName(why.ToString());

    private static void WriteHealth(Utf8JsonWriter writer, HealthCounters health)
    {
        writer.WriteStartObject("health");
        writer.WriteString("status", Name(health.Status));
        writer.WriteNumber("successes", health.Successes);
        writer.WriteNumber("http_failures", health.HttpFailures);
        writer.WriteNumber("tcp_failures", health.TcpFailures);
        writer.WriteNumber("timeouts", health.Timeouts);
        writer.WriteEndObject();
    }

    private static void WriteEjection(Utf8JsonWriter writer, EjectionRecord ejection)
    {
        writer.WriteStartObject("outlier");
        writer.WriteBoolean("ejected", ejection.IsEjected);
        writer.WriteString("why", Name(ejection.Why));
        writer.WriteNumber("in_row", ejection.InRow);
        writer.WriteString("ejected_at", ejection.EjectedAt.UtcDateTime);
        if (ejection.ReturnedAt is { } returned)
            writer.WriteString("returned_at", returned.UtcDateTime);
        if (ejection.TrialShare > 0)
            writer.WriteNumber("trial_share", ejection.TrialShare);
        writer.WriteEndObject();
    }

    private static void WriteWarmUp(Utf8JsonWriter writer, WarmUpRecord warmUp)
    {
        writer.WriteStartObject("warm_up");
        if (warmUp.BegunAt is { } begun)
            writer.WriteString("begun_at", begun.UtcDateTime);
        writer.WriteEndObject();
    }

    private static NodeRecord ReadNode(JsonElement node, DateTimeOffset written) => new()
    {
        Key = new NodeKey(Text(node, "owner"), Text(node, "host"), node.GetProperty("port").GetInt32()),
        AsOf = node.TryGetProperty("as_of", out JsonElement asOf) ? asOf.GetDateTimeOffset() : written,
        Health = node.TryGetProperty("health", out JsonElement health) ? ReadHealth(health) : default,
        LatencyMs = node.TryGetProperty("latency_ms", out JsonElement latency) && latency.GetSingle() is > 0 and < float.PositiveInfinity and var latencyMs ? latencyMs : null,
        LatencyAgeMs = node.TryGetProperty("latency_age_ms", out JsonElement age) ? age.GetInt32() : 0,
        Ejection = node.TryGetProperty("outlier", out JsonElement outlier) ? ReadEjection(outlier) : null,
        WarmUp = node.TryGetProperty("warm_up", out JsonElement warmUp) ? new WarmUpRecord(TimeOrNull(warmUp, "begun_at")) : null,
        Timeline = [.. node.GetProperty("timeline").EnumerateArray().Where(change => ChangeKinds.ContainsKey(Text(change, "kind"))).Select(ReadChange)],
    };

    private static HealthCounters ReadHealth(JsonElement health) => new(
        Healths.TryGetValue(Text(health, "status"), out HealthStatus status) ? status : HealthStatus.Healthy,
        health.GetProperty("successes").GetByte(),
        health.GetProperty("http_failures").GetByte(),
        health.GetProperty("tcp_failures").GetByte(),
        health.GetProperty("timeouts").GetByte());

    /// <summary>Null for a reason that a newer gateway knows: its detection would not end the ejection here.</summary>
    private static EjectionRecord? ReadEjection(JsonElement outlier) => !Reasons.TryGetValue(Text(outlier, "why"), out EjectionReason why) ? null : new EjectionRecord
    {
        IsEjected = outlier.GetProperty("ejected").GetBoolean(),
        Why = why,
        InRow = outlier.GetProperty("in_row").GetInt32(),
        EjectedAt = outlier.GetProperty("ejected_at").GetDateTimeOffset(),
        ReturnedAt = TimeOrNull(outlier, "returned_at"),
        TrialShare = outlier.TryGetProperty("trial_share", out JsonElement share) ? share.GetInt32() : 0,
    };

    private static NodeChange ReadChange(JsonElement change) =>
        new(change.GetProperty("at").GetDateTimeOffset(), ChangeKinds[Text(change, "kind")], Text(change, "source"), Text(change, "reason"));

    private static DateTimeOffset? TimeOrNull(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement time) ? time.GetDateTimeOffset() : null;

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
