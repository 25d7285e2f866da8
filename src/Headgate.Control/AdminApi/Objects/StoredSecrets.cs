using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>Puts stored secrets back where a client sends <see cref="SecretFields.Redacted"/>, so that an answer can be changed and sent back.</summary>
internal static class StoredSecrets
{
    /// <summary>The refusal, or null and <paramref name="filled"/>. <paramref name="stored"/>: the object as it is; null = there is none yet.</summary>
    public static AdminResponse? Fill(ResourceKind kind, string id, ReadOnlyMemory<byte> written, StoreEntry? stored, out JsonElement filled)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        if (stored is not null)
            SecretFields.Replace(kind, id, stored.Value, (path, text) => secrets[path] = text);
        string? missing = null;
        ReadOnlyMemory<byte> json = SecretFields.Replace(kind, id, written, (path, text) =>
        {
            if (text != SecretFields.Redacted || secrets.TryGetValue(path, out text!))
                return text;
            missing ??= path;
            return SecretFields.Redacted;
        });
        filled = JsonElement.Parse(json.Span);
        return missing is null ? null : AdminResponse.Error(400, $"{missing} is \"{SecretFields.Redacted}\", which stands for the stored secret, and there is none; give the secret itself");
    }
}
