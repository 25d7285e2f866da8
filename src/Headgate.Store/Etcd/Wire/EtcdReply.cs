using System.Globalization;
using System.Text.Json;

namespace Headgate.Store.Etcd.Wire;

/// <summary>A member's answer. The JSON gateway writes 64-bit numbers as texts, bytes as base64, and leaves out what is zero.</summary>
internal sealed class EtcdReply(JsonDocument document) : IDisposable
{
    private static readonly JsonElement None = JsonDocument.Parse("[]").RootElement;

    /// <summary>The whole answer.</summary>
    public JsonElement Root => document.RootElement;

    /// <summary>Revision of the store at the answer.</summary>
    public long Revision => RevisionOf(Root);

    /// <summary>Of a transaction: whether its compares held.</summary>
    public bool Succeeded => Root.TryGetProperty("succeeded", out JsonElement succeeded) && succeeded.ValueKind == JsonValueKind.True;

    /// <summary>Revision in the header of an answer.</summary>
    public static long RevisionOf(JsonElement answer) => answer.TryGetProperty("header", out JsonElement header) ? Number(header, "revision") : 0;

    /// <summary>A number; 0 when it is not there.</summary>
    public static long Number(JsonElement element, string name) => !element.TryGetProperty(name, out JsonElement value) ? 0
        : value.ValueKind == JsonValueKind.Number ? value.GetInt64()
        : long.Parse(value.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>Bytes; empty when they are not there.</summary>
    public static byte[] Bytes(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetBytesFromBase64() : [];

    /// <summary>The elements of an array; none when it is not there.</summary>
    public static JsonElement.ArrayEnumerator Items(JsonElement element, string name) => (element.TryGetProperty(name, out JsonElement value) ? value : None).EnumerateArray();

    /// <summary>Of a transaction of reads: the keys that the read of this place found.</summary>
    public JsonElement.ArrayEnumerator Found(int place) => Items(Root.GetProperty("responses")[place].GetProperty("response_range"), "kvs");

    /// <inheritdoc/>
    public void Dispose() => document.Dispose();
}
