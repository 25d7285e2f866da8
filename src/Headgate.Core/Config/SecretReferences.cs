using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Headgate.Core.Config;

/// <summary>The references to secrets that an object has where it may have them: in what its plugins are told, in plugin metadata, in certificates and keys. Thread-safe.</summary>
public static class SecretReferences
{
    /// <summary>The texts of the references, each once.</summary>
    public static IReadOnlySet<string> Find(ResourceKind kind, ReadOnlyMemory<byte> json)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (Place place in Places(kind, json.Span))
            found.Add(place.Text);
        return found;
    }

    /// <summary>The object with each reference replaced by what <paramref name="values"/> has for it; every other byte stays.</summary>
    public static ReadOnlyMemory<byte> Replace(ResourceKind kind, ReadOnlyMemory<byte> json, IReadOnlyDictionary<string, string> values)
    {
        var buffer = new ArrayBufferWriter<byte>(json.Length + 256);
        int copied = 0;
        foreach (Place place in Places(kind, json.Span))
        {
            buffer.Write(json.Span[copied..place.Start]);
            buffer.Write("\""u8);
            buffer.Write(JsonEncodedText.Encode(values[place.Text], JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
            buffer.Write("\""u8);
            copied = place.End;
        }

        buffer.Write(json.Span[copied..]);
        return buffer.WrittenMemory;
    }

    private static List<Place> Places(ResourceKind kind, ReadOnlySpan<byte> json)
    {
        var found = new List<Place>();
        // Nearly no object has any, and a search for bytes shows it; an escape may hide the dollar sign.
        if (!MayHave(kind) || (json.IndexOf("://"u8) < 0 && !json.Contains((byte)'\\')))
            return found;
        var reader = new Utf8JsonReader(json);
        string member = "";
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                    member = reader.GetString()!;
                if (reader.TokenType == JsonTokenType.String && Stands(kind, member) && reader.GetString()! is var text && SecretReference.Is(text))
                    found.Add(new Place((int)reader.TokenStartIndex, (int)reader.BytesConsumed, text));
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return []; // no JSON, or no Unicode: whoever reads it says so
        }

        return found;
    }

    private static bool MayHave(ResourceKind kind) =>
        kind is not (ResourceKind.Upstream or ResourceKind.Override or ResourceKind.Proto or ResourceKind.Secret or ResourceKind.ServiceRegistry);

    private static bool Stands(ResourceKind kind, string member) => kind switch
    {
        ResourceKind.PluginMetadata => true,
        ResourceKind.Ssl => member is "cert" or "key" or "certs" or "keys",
        _ => member == "plugins",
    };

    /// <summary>A reference and where its quotes stand.</summary>
    private readonly record struct Place(int Start, int End, string Text);
}
