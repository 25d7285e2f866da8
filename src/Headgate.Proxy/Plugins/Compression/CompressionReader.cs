using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.Compression;

/// <summary>Reads what <c>gzip</c> and <c>brotli</c> are both told.</summary>
internal static class CompressionReader
{
    private static readonly EquatableArray<string> DefaultTypes = ["text/html"];

    /// <summary><paramref name="config"/> with what is there.</summary>
    /// <typeparam name="TConfig">The plugin's configuration.</typeparam>
    public static TConfig Read<TConfig>(ObjectReader reader, TConfig config, int levelMin, int levelMax)
        where TConfig : CompressionConfig => config with
        {
            Types = ReadTypes(reader),
            BytesMin = reader.Integer("min_length", 1) ?? config.BytesMin,
            Level = reader.Integer("comp_level", levelMin, levelMax) ?? config.Level,
            ServesHttp10 = ReadVersion(reader),
            Varies = reader.Flag("vary") ?? false,
        };

    private static EquatableArray<string>? ReadTypes(ObjectReader reader)
    {
        if (!reader.TryGet("types", out JsonElement value))
            return DefaultTypes;
        if (value.ValueKind == JsonValueKind.String && value.ValueEquals("*"u8))
            return null;
        if (value.ValueKind != JsonValueKind.Array)
            reader.Findings.Schema(reader.At.Property("types"), "object matches none of the required (allowed: a list of content types, or \"*\")");
        else
            return new EquatableArray<string>(reader.Items<string>("types", 1, unique: false, ReadType) ?? []);
        return DefaultTypes;
    }

    private static bool ReadType(JsonElement value, Location at, Findings findings, out string type)
    {
        string? read = JsonValues.Text(value, at, findings, 1);
        type = read ?? "";
        return read is not null;
    }

    private static bool ReadVersion(ObjectReader reader)
    {
        double version = reader.TryGet("http_version", out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 1.1;
        if (version is not (1.0 or 1.1) || value.ValueKind is not (JsonValueKind.Number or JsonValueKind.Undefined))
            reader.Findings.Schema(reader.At.Property("http_version"), "matches none of the enum values (allowed: 1.1, 1.0)");
        return version == 1.0;
    }
}
