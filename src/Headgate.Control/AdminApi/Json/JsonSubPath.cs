using System.Globalization;
using System.Text.Json;

namespace Headgate.Control.AdminApi.Json;

/// <summary>PATCH with a sub-path: <c>/upstreams/1/timeout/read</c> replaces that member by the body, whatever JSON it is, and makes it when it is missing.</summary>
internal static class JsonSubPath
{
    /// <summary>Null when <paramref name="path"/> can be replaced in <paramref name="target"/>; else APISIX's text that names the part that holds no members.</summary>
    public static string? Check(JsonElement target, ReadOnlySpan<string> path)
    {
        JsonElement at = target;
        for (int depth = 0; depth < path.Length; depth++)
        {
            if (at.ValueKind == JsonValueKind.Array)
            {
                if (Index(at, path[depth]) is not int index)
                    return $"invalid sub-path: /{Join(path[..(depth + 1)])}, not an index below {at.GetArrayLength()}";
                at = at[index];
            }
            else if (at.ValueKind != JsonValueKind.Object)
            {
                return $"invalid sub-path: /{Join(path[..depth])}";
            }
            else if (!at.TryGetProperty(path[depth], out at))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Writes <paramref name="target"/> with <paramref name="value"/> at <paramref name="path"/>, which <see cref="Check"/> found good.</summary>
    public static void Write(Utf8JsonWriter writer, JsonElement target, ReadOnlySpan<string> path, JsonElement value)
    {
        if (path.IsEmpty)
            JsonText.Copy(writer, value);
        else if (target.ValueKind == JsonValueKind.Array)
            WriteArray(writer, target, path, value);
        else
            WriteObject(writer, target, path, value);
    }

    private static void WriteArray(Utf8JsonWriter writer, JsonElement target, ReadOnlySpan<string> path, JsonElement value)
    {
        int? replaced = Index(target, path[0]);
        int index = 0;
        writer.WriteStartArray();
        foreach (JsonElement item in target.EnumerateArray())
        {
            if (index++ == replaced)
                Write(writer, item, path[1..], value);
            else
                JsonText.Copy(writer, item);
        }

        writer.WriteEndArray();
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement target, ReadOnlySpan<string> path, JsonElement value)
    {
        bool written = false;
        writer.WriteStartObject();
        if (target.ValueKind == JsonValueKind.Object)
        {
            foreach ((string name, JsonElement member) in JsonText.Members(target))
            {
                writer.WritePropertyName(name);
                if (name == path[0])
                {
                    Write(writer, member, path[1..], value);
                    written = true;
                }
                else
                {
                    JsonText.Copy(writer, member);
                }
            }
        }

        if (!written)
        {
            writer.WritePropertyName(path[0]);
            Write(writer, default, path[1..], value);
        }

        writer.WriteEndObject();
    }

    private static int? Index(JsonElement array, string part) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < array.GetArrayLength() ? index : null;

    private static string Join(ReadOnlySpan<string> parts) => string.Join('/', parts!);
}
