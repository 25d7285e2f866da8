using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Registries;

/// <summary>
/// Makes of what a client sent what is to be stored, so that an answer can be changed and sent back: what only we write is left out, and where a secret is shown as
/// <see cref="SecretFields.Redacted"/> the stored one stays.
/// </summary>
internal static class ConnectionDraft
{
    /// <summary>The refusal, or null and <paramref name="draft"/>. <paramref name="stored"/>: the connection as it is; null = there is none yet.</summary>
    public static AdminResponse? Make(JsonElement? body, StoreEntry? stored, out JsonElement draft)
    {
        draft = default;
        if (body is null or { ValueKind: JsonValueKind.Null })
            return AdminResponse.Error(400, "missing configurations");
        var errors = new ConfigErrors();
        if (!ConfigParser.CheckIsObject(body.Value, errors))
            return AdminResponse.Refused(errors.Errors);
        try
        {
            return Fill(Written(body.Value), stored, out draft);
        }
        catch (InvalidOperationException) // half of a surrogate pair; the parser says where
        {
            ConfigParser.ParseServiceRegistry("", body.Value, errors);
            return AdminResponse.Refused(errors.Errors);
        }
    }

    private static AdminResponse? Fill(ReadOnlyMemory<byte> written, StoreEntry? stored, out JsonElement draft)
    {
        Dictionary<string, string> secrets = stored is null ? [] : Secrets(stored.Value);
        string? missing = null;
        ReadOnlyMemory<byte> filled = SecretFields.Replace(ResourceKind.ServiceRegistry, "", written, (path, text) =>
        {
            if (text != SecretFields.Redacted || secrets.TryGetValue(path, out text!))
                return text;
            missing ??= path;
            return SecretFields.Redacted;
        });
        draft = JsonElement.Parse(filled.Span);
        return missing is null ? null : AdminResponse.Error(400, $"{missing} is \"{SecretFields.Redacted}\", which stands for the stored secret, and there is none; give the secret itself");
    }

    private static Dictionary<string, string> Secrets(ReadOnlyMemory<byte> stored)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        SecretFields.Replace(ResourceKind.ServiceRegistry, "", stored, (path, text) => secrets[path] = text);
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
