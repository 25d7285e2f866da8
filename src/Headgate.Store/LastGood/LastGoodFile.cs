using System.Runtime.InteropServices;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Store.Protection;

namespace Headgate.Store.LastGood;

/// <summary>
/// The file <c>configuration.json</c> of the data folder: the last configuration that was had from a source. Values are as they lie in the source, and what is secret in
/// them is sealed once more, under the key ring of the folder: a file of plain secrets must not come of a plain source. Not thread-safe.
/// </summary>
/// <param name="folder">The data folder.</param>
/// <param name="protector">Seals secrets.</param>
public sealed class LastGoodFile(string folder, IFieldProtector protector)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "configuration.json";

    private const int Format = 1;

    /// <summary>Absolute path.</summary>
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), FileName);

    /// <summary>Puts a configuration in the place of the one that is there, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(LastGoodContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        ChecksummedFile.Write(Path, Format, writer =>
        {
            writer.WriteString("source", content.Source);
            writer.WriteNumber("revision", content.Revision);
            writer.WriteString("written", content.Written);
            writer.WriteStartArray("entries");
            foreach (StoreEntry entry in content.Entries)
                Write(writer, entry);
            writer.WriteEndArray();
        });
    }

    /// <summary>The configuration in the file; null when there is none.</summary>
    /// <exception cref="InvalidDataException">It cannot be used; the message says why.</exception>
    public LastGoodContent? Read() => ChecksummedFile.Read(Path, Format, root => new LastGoodContent(
        root.GetProperty("source").GetString()!, root.GetProperty("revision").GetInt64(), root.GetProperty("written").GetDateTimeOffset(),
        [.. root.GetProperty("entries").EnumerateArray().Select(ReadEntry)]));

    private static bool IsJson(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = 100 });
        try
        {
            while (reader.Read())
            {
                // only whether it can be read to its end
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Write(Utf8JsonWriter writer, StoreEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("key", entry.Key);
        writer.WriteNumber("created", entry.CreateRevision);
        writer.WriteNumber("modified", entry.ModRevision);
        if (IsJson(entry.Value.Span))
        {
            writer.WritePropertyName("value");
            writer.WriteRawValue(Sealed(entry).Span, skipInputValidation: true);
        }
        else
        {
            writer.WriteBase64String("bytes", entry.Value.Span); // another program's; whoever reads the object says that it is no good
        }

        writer.WriteEndObject();
    }

    private ReadOnlyMemory<byte> Sealed(StoreEntry entry) => ResourceKinds.TryParseKey(entry.Key, out ResourceKind kind, out string id)
        ? SecretFields.Replace(kind, id, entry.Value, (path, text) => protector.Seal(ProtectedSource.Place(entry.Key, path), text)) : entry.Value;

    private StoreEntry ReadEntry(JsonElement entry)
    {
        string key = entry.GetProperty("key").GetString()!;
        ReadOnlyMemory<byte> value = entry.TryGetProperty("value", out JsonElement json) ? JsonMarshal.GetRawUtf8Value(json).ToArray() : entry.GetProperty("bytes").GetBytesFromBase64();
        if (ResourceKinds.TryParseKey(key, out ResourceKind kind, out string id))
            value = SecretFields.Replace(kind, id, value, (path, form) => Revealed(key, path, form));
        return new StoreEntry(key, value, entry.GetProperty("created").GetInt64(), entry.GetProperty("modified").GetInt64());
    }

    private string Revealed(string key, string path, string form) => protector.TryReveal(ProtectedSource.Place(key, path), form, out string text, out string? problem)
        ? text : throw new InvalidDataException($"{path} of {key} cannot be decrypted: {problem}");
}
