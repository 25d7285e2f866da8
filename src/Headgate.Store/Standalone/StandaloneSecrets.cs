using System.Runtime.InteropServices;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Store.Documents;
using Headgate.Store.Protection;

namespace Headgate.Store.Standalone;

/// <summary>The secrets in the lists of a configuration that was given as a whole.</summary>
public static class StandaloneSecrets
{
    /// <summary>The list with <see cref="SecretFields.Redacted"/> in the place of every secret.</summary>
    /// <param name="plural">Its kind.</param>
    /// <param name="list">A JSON array.</param>
    public static ReadOnlyMemory<byte> Redact(string plural, ReadOnlyMemory<byte> list) => Replace(plural, list, static (_, _) => SecretFields.Redacted);

    /// <summary>A list whose secrets are replaced, each known by the object's key and its path in it.</summary>
    internal static ReadOnlyMemory<byte> Replace(string plural, ReadOnlyMemory<byte> list, Func<string, string, string> replace)
    {
        if (!ConfigDocument.TryParseKind(plural, out ResourceKind listed))
            return list;
        using JsonDocument items = JsonDocument.Parse(list, new JsonDocumentOptions { MaxDepth = 128 });
        return JsonOutput.Build(writer =>
        {
            writer.WriteStartArray();
            int place = 0;
            foreach (JsonElement item in items.RootElement.EnumerateArray())
            {
                string key = ConfigDocument.KeyOf(listed, item, place++, out ResourceKind kind);
                ReadOnlyMemory<byte> value = JsonMarshal.GetRawUtf8Value(item).ToArray();
                string id = key[kind.Key("").Length..];
                writer.WriteRawValue(SecretFields.Replace(kind, id, value, (path, text) => replace(ProtectedSource.Place(key, path), text)).Span, skipInputValidation: true);
            }

            writer.WriteEndArray();
        }, list.Length);
    }
}
