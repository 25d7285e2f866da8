using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Headgate.Core.Config.Registries;

/// <summary>What of the settings of a registry is secret: told by the names of members, which are the same for all types.</summary>
public static class RegistrySecrets
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Names = ["token", "password", "secret_key"];

    /// <summary>Whether the text at <paramref name="path"/> of a service registry connection is secret: a token, a password, a key or a header field somewhere below <c>TYPE_config</c>.</summary>
    public static bool IsSecret(IReadOnlyList<string> path) =>
        path.Count >= 2 && path[0].EndsWith("_config", StringComparison.Ordinal) && (Names.Contains(path[^1]) || (path.Count >= 3 && path[^2] == "headers"));

    /// <summary>The settings of a registry as they may be shown: without its secrets, and without what stands before an @ in addresses.</summary>
    /// <param name="json">The value of <c>discovery.TYPE</c> or <c>TYPE_config</c>.</param>
    public static string Redact(string json)
    {
        var root = JsonNode.Parse(json);
        Redact(root, ["_config"]);
        return root?.ToJsonString(Readable) ?? "null";
    }

    /// <summary>Whether a text is an address with user information: an @ between the scheme and the query.</summary>
    public static bool HasUserInformation(string text) => UserInformation(text).Length > 0;

    private static void Redact(JsonNode? node, List<string> path)
    {
        if (node is JsonObject members)
        {
            foreach ((string name, JsonNode? member) in members.ToArray())
                Redact(member, [.. path, name]);
        }
        else if (node is JsonArray items)
        {
            for (int i = items.Count - 1; i >= 0; i--)
                Redact(items[i], path);
        }
        else if (node is JsonValue value && value.GetValueKind() == JsonValueKind.String)
        {
            string text = value.GetValue<string>();
            string shown = IsSecret(path) ? SecretFields.Redacted : HasUserInformation(text) ? text.Replace(UserInformation(text), SecretFields.Redacted + "@", StringComparison.Ordinal) : text;
            if (shown != text)
                value.ReplaceWith(shown);
        }
    }

    /// <summary>With the @ at its end; empty when there is none. A password may hold an @ itself, and a slash: the last @ counts.</summary>
    private static string UserInformation(string text)
    {
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return "";
        int end = text.AsSpan(scheme).IndexOf('?') is var query and >= 0 ? scheme + query : text.Length;
        int at = text.LastIndexOf('@', end - 1);
        return at > scheme ? text[(scheme + 3)..(at + 1)] : "";
    }
}
