using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Headgate.Core.Config.Reading;

/// <summary>Finds texts that are JSON but not Unicode: <c>"\ud800"</c> parses, and throws when it is read.</summary>
internal static class JsonTexts
{
    /// <summary>Path of the first text or property name with half of a surrogate pair; null when there is none.</summary>
    public static string? FindBroken(JsonElement value) =>
        // Only an escape can be half of a pair: the parser has checked the bytes. Most objects have no escape at all.
        JsonMarshal.GetRawUtf8Value(value).IndexOf("\\u"u8) < 0 ? null : Find(value, "");

    private static string? Find(JsonElement value, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return IsBroken(value.GetString) ? path : null;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in value.EnumerateArray())
                {
                    if (Find(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]")) is { } broken)
                        return broken;
                }

                return null;
            case JsonValueKind.Object:
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    if (IsBroken(() => property.Name))
                        return path;
                    if (Find(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}") is { } broken)
                        return broken;
                }

                return null;
            default:
                return null;
        }
    }

    private static bool IsBroken(Func<string?> read)
    {
        try
        {
            read();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
