using System.Text;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Primitives;
using Headgate.Core.Snapshot.Explain;

namespace Headgate.Control.Explain;

/// <summary>Reads the request that is to be explained: <c>{"method","scheme","host","path","headers","client_ip","upstream"}</c>, all of its problems at once.</summary>
internal static class InventedRequestReader
{
    private static readonly string[] Members = ["method", "scheme", "host", "path", "headers", "client_ip", "upstream"];

    /// <summary>The request; null when there are errors.</summary>
    public static InventedRequest? Read(JsonElement? body, ConfigErrors errors)
    {
        if (body is not { ValueKind: JsonValueKind.Object } given)
        {
            errors.Add("", "the body must be an object with path and host, such as {\"host\":\"a.test\",\"path\":\"/a?x=1\"}");
            return null;
        }

        foreach (JsonProperty member in given.EnumerateObject().Where(member => !Members.Contains(member.Name)))
            errors.Add(member.Name, $"{member.Name} is not known; known are {string.Join(", ", Members)}");
        string path = Text(given, "path", null, errors);
        string scheme = Text(given, "scheme", "http", errors);
        if (scheme is not ("http" or "https"))
            errors.Add("scheme", $"scheme \"{scheme}\" must be http or https");
        var request = new InventedRequest
        {
            Method = Text(given, "method", "GET", errors),
            Target = path,
            Host = Text(given, "host", null, errors),
            Scheme = scheme,
            Headers = Headers(given, errors),
            Upstream = Text(given, "upstream", "", errors) is { Length: > 0 } upstream ? upstream : null,
            ClientAddress = Address(Text(given, "client_ip", "127.0.0.1", errors), errors),
        };
        return errors.IsValid ? request : null;
    }

    private static string Text(JsonElement given, string name, string? absent, ConfigErrors errors)
    {
        if (!given.TryGetProperty(name, out JsonElement value))
        {
            if (absent is null)
                errors.Add(name, $"{name} is missing: a text");
            return absent ?? "";
        }

        if (value.ValueKind == JsonValueKind.String)
            return value.GetString()!;
        errors.Add(name, $"{name} must be a text, not {value.ValueKind}");
        return "";
    }

    private static List<(string Name, string Value)> Headers(JsonElement given, ConfigErrors errors)
    {
        var headers = new List<(string, string)>();
        if (!given.TryGetProperty("headers", out JsonElement fields))
            return headers;
        if (fields.ValueKind != JsonValueKind.Object)
        {
            errors.Add("headers", "headers must be an object of texts or lists of texts, such as {\"x-user\":\"7\"}");
            return headers;
        }

        foreach (JsonProperty field in fields.EnumerateObject())
        {
            JsonElement[] values = field.Value.ValueKind == JsonValueKind.Array ? [.. field.Value.EnumerateArray()] : [field.Value];
            if (field.Name.Equals("host", StringComparison.OrdinalIgnoreCase))
                errors.Add("headers." + field.Name, "the Host field is the member host of the request");
            else if (Array.TrueForAll(values, value => value.ValueKind == JsonValueKind.String))
                headers.AddRange(values.Select(value => (field.Name, value.GetString()!)));
            else
                errors.Add("headers." + field.Name, $"header {field.Name} must be a text or a list of texts");
        }

        return headers;
    }

    private static UInt128 Address(string text, ConfigErrors errors)
    {
        if (AddressText.TryParse(Encoding.UTF8.GetBytes(text), out UInt128 address))
            return address;
        errors.Add("client_ip", $"client_ip \"{text}\" is no IP address");
        return default;
    }
}
