using System.Text.Json;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads Protocol Buffers definitions.</summary>
internal static class ProtoReader
{
    private const int ContentMax = 1024 * 1024;

    public static ProtoConfig? Read(string id, JsonElement value, Findings findings)
    {
        if (ObjectReader.Open(value, Location.Root, findings) is not { } reader)
            return null;

        string? name = MetadataReader.ReadName(reader);
        string? content = reader.Text("content", 1, ContentMax);
        reader.Require("content");
        reader.ForbidOthers();
        findings.WarnNoEffectYet(reader.At.Property("content"));
        return new ProtoConfig { Id = id, Name = name, Content = content ?? "" };
    }
}
