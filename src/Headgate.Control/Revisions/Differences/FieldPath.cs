using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Headgate.Control.AdminApi.Json;

namespace Headgate.Control.Revisions.Differences;

/// <summary>
/// Paths of fields as texts that say one thing only: <c>timeout.read</c>, <c>labels["a.b"]</c> for a name that is more than letters, digits, <c>-</c> and <c>_</c>, <c>uris[0]</c> for a
/// place in an array, <c>nodes[10.0.0.1:80]</c> for a node, and <c>nodes[]</c> for the order of the nodes.
/// </summary>
internal static class FieldPath
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    private static readonly SearchValues<char> OfHosts = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:%");

    /// <summary>A member of what is at <paramref name="path"/>.</summary>
    public static string Member(string path, string name)
    {
        bool plain = name.Length > 0 && !char.IsAsciiDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(Plain);
        return !plain ? $"{path}[\"{JsonEncodedText.Encode(name, JsonText.WriterOptions.Encoder)}\"]" : path.Length == 0 ? name : $"{path}.{name}";
    }

    /// <summary>An item of the array at <paramref name="path"/>.</summary>
    public static string Item(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

    /// <summary>The node <paramref name="node"/> of the array at <paramref name="path"/>.</summary>
    public static string Node(string path, string node) => $"{path}[{node}]";

    /// <summary>The order of the nodes of the array at <paramref name="path"/>.</summary>
    public static string Order(string path) => path + "[]";

    /// <summary>What a node is called: <c>10.0.0.1:80</c>, <c>[::1]:80</c>, <c>name</c> without a port; null for what is no node, or has a host that no host can have.</summary>
    public static string? NodeName(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("host", out JsonElement member) || member.ValueKind != JsonValueKind.String)
            return null;
        string host = member.GetString()!.Trim('[', ']');
        if (host.Length == 0 || host.AsSpan().ContainsAnyExcept(OfHosts))
            return null;
        string name = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        if (!item.TryGetProperty("port", out JsonElement port))
            return name.AsSpan().ContainsAnyExceptInRange('0', '9') ? name : null; // bare digits would read as a place
        return port.ValueKind == JsonValueKind.Number && port.TryGetInt32(out int number) ? string.Create(CultureInfo.InvariantCulture, $"{name}:{number}") : null;
    }
}
