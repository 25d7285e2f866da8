using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Registries;

namespace Headgate.Core.Config;

/// <summary>
/// Which texts of an object are secret: private keys, tokens, and what plugins name (<see cref="PluginDefinition.SecretFields"/>, <see cref="PluginDefinition.MetadataSecretFields"/>). They are encrypted at rest and redacted
/// wherever an object is shown to others than authorised readers of the Admin API. Thread-safe.
/// </summary>
public static class SecretFields
{
    /// <summary>What a secret is shown as.</summary>
    public const string Redacted = "<redacted>";

    private const string Any = "*";

    private static readonly ImmutableArray<string[]> NodeKey = [["tls", "client_key"]];
    private static readonly ImmutableArray<string[]> InlineNodeKey = [["upstream", "tls", "client_key"]];
    private static readonly ImmutableArray<string[]> SslKeys = [["key"], ["keys", Any]];
    private static readonly ImmutableArray<string[]> RegistryKeys = [["kubernetes_config", "client", "token"], ["kubernetes_config", Any, "client", "token"]];
    private static readonly ImmutableArray<string[]> SecretKeys = [["token"], ["secret_access_key"], ["session_token"], ["auth_config", "private_key"]];

    /// <summary>
    /// The object with every secret text replaced by what <paramref name="replace"/> makes of its path (<c>keys.0</c>) and itself; every other byte stays. The same memory
    /// when there is none, or when it is no JSON. <paramref name="id"/>: the object's; of metadata, which say nothing of it themselves, the plugin's name.
    /// </summary>
    public static ReadOnlyMemory<byte> Replace(ResourceKind kind, string id, ReadOnlyMemory<byte> json, Func<string, string, string> replace)
    {
        List<SecretText> found = Find(kind, id, json.Span);
        if (found.Count == 0)
            return json;
        var buffer = new ArrayBufferWriter<byte>(json.Length + 256);
        int copied = 0;
        foreach (SecretText secret in found)
        {
            buffer.Write(json.Span[copied..secret.Start]);
            buffer.Write("\""u8);
            // As the Admin API writes texts, so that a text that was replaced and replaced back is the same to the byte.
            buffer.Write(JsonEncodedText.Encode(replace(secret.Path, secret.Text), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
            buffer.Write("\""u8);
            copied = secret.End;
        }

        buffer.Write(json.Span[copied..]);
        return buffer.WrittenMemory;
    }

    /// <summary>The object with <see cref="Redacted"/> in the place of every secret.</summary>
    public static ReadOnlyMemory<byte> Redact(ResourceKind kind, string id, ReadOnlyMemory<byte> json) => Replace(kind, id, json, static (_, _) => Redacted);

    /// <summary>The secret texts of an object, in their order; none when it is no JSON.</summary>
    public static IReadOnlyList<string> Texts(ResourceKind kind, string id, ReadOnlyMemory<byte> json) => [.. Find(kind, id, json.Span).Select(secret => secret.Text)];

    private static List<SecretText> Find(ResourceKind kind, string id, ReadOnlySpan<byte> json)
    {
        var found = new List<SecretText>();
        ImmutableArray<string[]> fields = Of(kind, id);
        if (!MayHold(kind, fields, json))
            return found;
        var path = new List<string>();
        var arrays = new Stack<int>(); // the index of the next item of each open array; −1 for an object
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        path.Add(reader.GetString()!);
                        continue;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        EnterItem(path, arrays);
                        arrays.Push(reader.TokenType == JsonTokenType.StartArray ? 0 : -1);
                        continue;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        arrays.Pop();
                        break;
                    default:
                        EnterItem(path, arrays);
                        if (reader.TokenType == JsonTokenType.String && IsSecret(kind, fields, path))
                            found.Add(new SecretText((int)reader.TokenStartIndex, (int)reader.BytesConsumed, string.Join('.', path), reader.GetString()!));
                        break;
                }

                if (path.Count > 0)
                    path.RemoveAt(path.Count - 1);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Written by someone else and no JSON, or no Unicode: whoever reads it says so.
            return [];
        }

        return found;
    }

    /// <summary>Most objects have no secret, and a search for bytes shows it. An escape may hide a name, so then they are walked through.</summary>
    private static bool MayHold(ResourceKind kind, ImmutableArray<string[]> fields, ReadOnlySpan<byte> json) => kind switch
    {
        ResourceKind.Ssl or ResourceKind.Secret or ResourceKind.ServiceRegistry => true,
        ResourceKind.Override or ResourceKind.Proto => false,
        ResourceKind.PluginMetadata => fields.Length > 0,
        _ => json.Contains((byte)'\\') || json.IndexOf("client_key"u8) >= 0 || json.IndexOf("\"plugins\""u8) >= 0,
    };

    /// <summary>A value has the name of its member, which is in the path already, or its place in its array.</summary>
    private static void EnterItem(List<string> path, Stack<int> arrays)
    {
        if (!arrays.TryPeek(out int next) || next < 0)
            return;
        arrays.Push(arrays.Pop() + 1);
        path.Add(next.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static ImmutableArray<string[]> Of(ResourceKind kind, string id) => kind switch
    {
        ResourceKind.PluginMetadata => [.. (PluginRules.Find(id)?.MetadataSecretFields ?? []).Select(static field => field.Split('.'))],
        ResourceKind.Upstream => NodeKey,
        ResourceKind.Route or ResourceKind.Service => InlineNodeKey,
        ResourceKind.Ssl => SslKeys,
        ResourceKind.Secret => SecretKeys,
        ResourceKind.ServiceRegistry => RegistryKeys,
        _ => [],
    };

    private static bool IsSecret(ResourceKind kind, ImmutableArray<string[]> fields, List<string> path)
    {
        foreach (string[] field in fields)
        {
            if (Covers(field, path, 0))
                return true;
        }

        if (kind == ResourceKind.ServiceRegistry)
            return RegistrySecrets.IsSecret(path);
        if (kind == ResourceKind.PluginMetadata || path.Count < 3 || path[0] != "plugins" || PluginRules.Find(path[1]) is not { } plugin)
            return false;
        foreach (string field in plugin.SecretFields)
        {
            if (Covers(field.Split('.'), path, 2))
                return true;
        }

        return false;
    }

    /// <summary>Whether the place that <paramref name="path"/> leads to from <paramref name="begin"/> on is at or below the field.</summary>
    private static bool Covers(string[] field, List<string> path, int begin)
    {
        if (path.Count - begin < field.Length)
            return false;
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] != Any && field[i] != path[begin + i])
                return false;
        }

        return true;
    }

    /// <summary>A secret text and where its quotes stand.</summary>
    private readonly record struct SecretText(int Start, int End, string Path, string Text);
}
