using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Headgate.Control.AdminApi.Json;

/// <summary>
/// Writes JSON as it was read: members in their order, numbers with the digits they were written with (1.0 stays 1.0). Of a member that is there twice
/// the last value counts, at the place of the first, as APISIX takes the last.
/// </summary>
internal static class JsonText
{
    /// <summary>The relaxed encoder leaves non-ASCII text readable; nothing written here is ever put into HTML.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The JSON that <paramref name="write"/> makes.</summary>
    public static ReadOnlyMemory<byte> Build<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        using (Utf8JsonWriter writer = new(buffer, WriterOptions))
            write(writer, state);
        return buffer.WrittenMemory;
    }

    /// <summary>Copies a value.</summary>
    /// <exception cref="InvalidOperationException">A string holds half of a surrogate pair.</exception>
    public static void Copy(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach ((string name, JsonElement member) in Members(value))
                {
                    writer.WritePropertyName(name);
                    Copy(writer, member);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                    Copy(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(value.GetString());
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    /// <summary>Members of an object in their order, each name once.</summary>
    public static OrderedDictionary<string, JsonElement> Members(JsonElement value)
    {
        OrderedDictionary<string, JsonElement> members = new(value.GetPropertyCount(), StringComparer.Ordinal);
        foreach (JsonProperty property in value.EnumerateObject())
            members[property.Name] = property.Value;
        return members;
    }
}
