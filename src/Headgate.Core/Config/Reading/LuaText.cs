using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Headgate.Core.Config.Reading;

/// <summary>How Lua, in which APISIX's validator is written, shows values; clients match on these texts.</summary>
public static class LuaText
{
    private const int ShownMax = 256;

    /// <summary>The text, or its beginning: a client that sends a megabyte need not get it back.</summary>
    public static string Clip(string text) => text.Length <= ShownMax ? text : text[..ShownMax] + "...";

    /// <summary>Lua's <c>%q</c>: in double quotes, with quote, backslash and line ends escaped; clipped.</summary>
    public static string Quote(string text)
    {
        text = Clip(text);
        if (text.AsSpan().IndexOfAny("\"\\\n\r\0") < 0)
            return $"\"{text}\"";

        var quoted = new StringBuilder("\"", text.Length + 8);
        foreach (char character in text)
        {
            quoted.Append(character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\\n",
                '\r' => "\\r",
                '\0' => "\\0",
                _ => character.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Lua's <c>tostring</c> of a number: <c>%.14g</c>.</summary>
    public static string Number(double value)
    {
        if (double.IsNaN(value))
            return "nan";
        if (double.IsInfinity(value))
            return value > 0 ? "inf" : "-inf";

        string text = value.ToString("G14", CultureInfo.InvariantCulture);
        int exponent = text.IndexOf('E', StringComparison.Ordinal);
        // C writes at least two digits of exponent with its sign, .NET writes E+20 and E-05 the same way but in upper case.
        return exponent < 0 ? text : text.Replace('E', 'e');
    }

    /// <summary>Lua's name of a value's type; null is <c>userdata</c> there.</summary>
    public static string TypeName(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Object or JsonValueKind.Array => "table",
        _ => "userdata (null)",
    };
}
