using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Headgate.Core.Config;

namespace Headgate.Control.AdminApi.References;

/// <summary>
/// Something that only one object may have: a plugin among the global rules; what a plugin finds a consumer by (its key) among consumers and credentials.
/// </summary>
/// <param name="Key">Names it in the index; begins unlike any store key. Of a consumer's key only a hash is kept.</param>
/// <param name="Path">Member that claims it.</param>
/// <param name="Text">Begins the refusal: <c>duplicate key of plugin key-auth found with</c>.</param>
internal sealed record UniqueClaim(string Key, string Path, string Text)
{
    /// <summary>What an object claims. Never fails: what is not shaped like a claim is none.</summary>
    public static IReadOnlyList<UniqueClaim> Read(string objectKey, JsonElement value)
    {
        if (!ResourceKinds.TryParseKey(objectKey, out ResourceKind kind, out _) || kind is not (ResourceKind.GlobalRule or ResourceKind.Consumer or ResourceKind.Credential)
            || value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("plugins", out JsonElement plugins) || plugins.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var claims = new List<UniqueClaim>();
        foreach (JsonProperty plugin in plugins.EnumerateObject())
        {
            string path = "plugins." + plugin.Name;
            if (kind == ResourceKind.GlobalRule)
                claims.Add(new UniqueClaim("global_rules!" + plugin.Name, path, $"plugin '{plugin.Name}' already exists in"));
            else if (PluginRules.Find(plugin.Name)?.ConsumerKey is { } field && TryRead(plugin.Value, field, out string key))
                claims.Add(new UniqueClaim($"consumers!{plugin.Name}!{Hash(key)}", $"{path}.{field}", $"duplicate {field} of plugin {plugin.Name} found with"));
        }

        return claims;
    }

    /// <summary>Why it cannot be had, given that <paramref name="holder"/> has it.</summary>
    public string Refusal(string holder) =>
        ResourceKinds.TryParseKey(holder, out ResourceKind kind, out string id) ? Refusal(kind, id) : $"{Text} {holder}";

    /// <summary>Whether two objects may both have it: a consumer and its own credentials when the consumer is written, as in APISIX.</summary>
    public static bool Allows(string writing, string holder) =>
        holder == writing || (holder.StartsWith(writing, StringComparison.Ordinal) && holder.AsSpan(writing.Length).StartsWith("/credentials/"));

    private string Refusal(ResourceKind kind, string id) => kind switch
    {
        ResourceKind.Credential => $"{Text} credential: {id[(id.LastIndexOf('/') + 1)..]} of consumer: {ResourceKinds.ConsumerOf(id)}",
        ResourceKind.Consumer => $"{Text} consumer: {id}",
        _ => $"{Text} global rule with id '{id}'",
    };

    /// <summary>A reference to a secret is not what it stands for; only who resolves it could compare.</summary>
    private static bool TryRead(JsonElement configuration, string field, out string key)
    {
        bool found = configuration.ValueKind == JsonValueKind.Object && configuration.TryGetProperty(field, out JsonElement value)
            && value.ValueKind == JsonValueKind.String && !value.GetString()!.StartsWith('$');
        key = found ? configuration.GetProperty(field).GetString()! : "";
        return found;
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
