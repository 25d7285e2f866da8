using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.AdminApi.Objects;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Store;

namespace Headgate.Control.Registries;

/// <summary>
/// Makes of what a client sent what is to be stored, so that an answer can be changed and sent back: what only we write is left out, and where a secret is shown as
/// <see cref="SecretFields.Redacted"/> the stored one stays. It stays for the server that it was given for: else whoever may write connections, and may not see secrets, could have one sent
/// to a server of their own.
/// </summary>
internal static class ConnectionDraft
{
    /// <summary>The refusal, or null and <paramref name="draft"/>. <paramref name="stored"/>: the connection as it is; null = there is none yet.</summary>
    public static AdminResponse? Make(JsonElement? body, StoreEntry? stored, out JsonElement draft) => Make(body, stored, isPatch: false, out draft);

    /// <summary>As <see cref="Make(JsonElement?, StoreEntry?, out JsonElement)"/>, of what is to be merged into the stored connection: there a secret that is not named stays too.</summary>
    public static AdminResponse? MakePatch(JsonElement? body, StoreEntry? stored, out JsonElement draft) => Make(body, stored, isPatch: true, out draft);

    private static AdminResponse? Make(JsonElement? body, StoreEntry? stored, bool isPatch, out JsonElement draft)
    {
        draft = default;
        if (body is null or { ValueKind: JsonValueKind.Null })
            return AdminResponse.Error(400, "missing configurations");
        var errors = new ConfigErrors();
        if (!ConfigParser.CheckIsObject(body.Value, errors))
            return AdminResponse.Refused(errors.Errors);
        try
        {
            ReadOnlyMemory<byte> written = Written(body.Value);
            return StoredSecrets.Fill(ResourceKind.ServiceRegistry, "", written, stored, out draft) ?? (stored is null || !StoredJson.IsValid(stored) ? null : RefuseMoved(Secrets(written), stored, isPatch ? Merged(stored, draft) : draft));
        }
        catch (InvalidOperationException) // half of a surrogate pair; the parser says where
        {
            ConfigParser.ParseServiceRegistry("", body.Value, errors);
            return AdminResponse.Refused(errors.Errors);
        }
    }

    /// <summary>Refuses to send a stored secret to a server that it was not given for. <paramref name="given"/>: secrets as the client sent them.</summary>
    private static AdminResponse? RefuseMoved(Dictionary<string, string> given, StoreEntry stored, JsonElement result)
    {
        var before = JsonElement.Parse(stored.Value.Span);
        foreach (string secret in Secrets(JsonText.Build(result, JsonText.Copy)).Keys)
        {
            if (given.GetValueOrDefault(secret, SecretFields.Redacted) != SecretFields.Redacted)
                continue;
            IReadOnlyList<SecretDestination> known = SecretDestinations.Of(before, secret);
            if (SecretDestinations.Of(result, secret).FirstOrDefault(now => !known.Any(one => one.Server == now.Server)) is not { } moved)
                continue;
            string servers = string.Join(", ", known.Select(static one => one.Server));
            return AdminResponse.Error(
                400, $"{moved.Field} is {moved.Server}, and the stored {secret} was given for {(servers.Length > 0 ? servers : "no server")}; give {secret} itself when the server changes");
        }

        return null;
    }

    private static JsonElement Merged(StoreEntry stored, JsonElement patch)
    {
        var target = JsonElement.Parse(stored.Value.Span);
        if (target.ValueKind != JsonValueKind.Object) // written by someone else
            return patch;
        return JsonElement.Parse(JsonText.Build((target, patch), static (writer, both) => JsonMerge.Write(writer, both.target, both.patch)).Span);
    }

    private static Dictionary<string, string> Secrets(ReadOnlyMemory<byte> connection)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        SecretFields.Replace(ResourceKind.ServiceRegistry, "", connection, (path, text) => secrets[path] = text);
        return secrets;
    }

    private static ReadOnlyMemory<byte> Written(JsonElement body) => JsonText.Build(body, static (writer, value) =>
    {
        writer.WriteStartObject();
        foreach ((string name, JsonElement member) in JsonText.Members(value))
        {
            if (RegistryJson.IsReadOnly(name))
                continue;
            writer.WritePropertyName(name);
            JsonText.Copy(writer, member);
        }

        writer.WriteEndObject();
    });
}
