using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary>Texts of JSON as UTF-8; most are there as they are.</summary>
internal static class JsonText
{
    /// <summary>The text of a string.</summary>
    public static ReadOnlySpan<byte> Of(JsonElement value)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        return raw.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(value.GetString()!) : raw;
    }

    /// <summary>The name of a member.</summary>
    public static ReadOnlySpan<byte> NameOf(JsonProperty property)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8PropertyName(property);
        return raw.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(property.Name) : raw;
    }

    /// <summary>How many characters (code points) a text has.</summary>
    public static int Length(ReadOnlySpan<byte> text)
    {
        int length = 0;
        foreach (byte b in text)
            length += (b & 0xC0) == 0x80 ? 0 : 1;
        return length;
    }
}
