using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary><c>format</c>, of those that APISIX knows; others say nothing about a text, as in any schema.</summary>
internal sealed class FormatRule(string format) : SchemaRule
{
    private const string Time = "(?:[01][0-9]|2[0-3]):[0-5][0-9]";

    private static readonly FrozenDictionary<string, BytePattern> Patterns = new Dictionary<string, string>
    {
        ["email"] = @"^[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+\.[A-Za-z]{2,4}$",
        ["hostname"] = "^[a-zA-Z0-9.-]+$",
        ["uuid"] = "^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
        ["date"] = Day + "$",
        ["date-time"] = $"{Day}[Tt]{Time}:[0-5][0-9](?:\\.[0-9]+)?(?:[Zz]|[+-]{Time})$",
        ["uri"] = @"^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]*$",
    }.ToFrozenDictionary(static entry => entry.Key, static entry => BytePattern.Of(entry.Value));

    private static string Day => "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";

    /// <summary>Whether a text can be of it or not.</summary>
    public static bool IsKnown(string format) => format is "ipv4" or "ipv6" || Patterns.ContainsKey(format);

    /// <inheritdoc/>
    public override string? Check(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        ReadOnlySpan<byte> text = JsonText.Of(value);
        bool fits = format switch
        {
            "ipv4" => IsIpv4(text),
            "ipv6" => !text.ContainsAny("[]%"u8) && IPAddress.TryParse(Encoding.UTF8.GetString(text), out IPAddress? six) && six.AddressFamily == AddressFamily.InterNetworkV6,
            _ => Patterns[format].Find(text) == Found.Yes,
        };
        return fits ? null : $"expect valid {format} format but got: {LuaText.Clip(Encoding.UTF8.GetString(text))}";
    }

    private static bool IsIpv4(ReadOnlySpan<byte> text)
    {
        int parts = 0;
        foreach (Range range in text.Split((byte)'.'))
        {
            ReadOnlySpan<byte> part = text[range];
            if (++parts > 4 || part.Length is 0 or > 3 || part.ContainsAnyExceptInRange((byte)'0', (byte)'9') || (part.Length == 3 && part.SequenceCompareTo("255"u8) > 0))
                return false;
        }

        return parts == 4;
    }
}
