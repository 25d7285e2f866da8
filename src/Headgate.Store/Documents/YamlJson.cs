using System.Text.Json;

namespace Headgate.Store.Documents;

/// <summary>Turns YAML into JSON. Plain texts get their types by the core schema of YAML 1.2: so <c>yes</c> and <c>on</c> are texts. No state, thread-safe.</summary>
public static class YamlJson
{
    /// <summary>Largest JSON that is made, bytes: aliases can make a small text a large one.</summary>
    public const int BytesMax = 64 * 1024 * 1024;

    /// <summary>The JSON of a text, UTF-8; empty when there is nothing in it.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="problems">Takes what counts otherwise than it looks, each with its line.</param>
    /// <exception cref="DocumentException">It is not valid YAML, or becomes too large.</exception>
    public static ReadOnlyMemory<byte> Convert(string text, List<string> problems)
    {
        if (YamlReader.Read(text, problems) is not { } root)
            return default;
        return JsonOutput.Build(writer => Write(writer, root), text.Length);
    }

    private static void Write(Utf8JsonWriter writer, YamlValue value)
    {
        if (writer.BytesCommitted + writer.BytesPending > BytesMax)
            throw new DocumentException($"with its aliases the document has more than {BytesMax} bytes", value.Line);
        switch (value)
        {
            case YamlValue.Text text:
                YamlScalars.Write(writer, text);
                break;
            case YamlValue.List list:
                writer.WriteStartArray();
                foreach (YamlValue item in list.Items)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case YamlValue.Map map:
                writer.WriteStartObject();
                foreach ((string key, YamlValue entry) in map.Entries)
                {
                    writer.WritePropertyName(key);
                    Write(writer, entry);
                }

                writer.WriteEndObject();
                break;
        }
    }
}
