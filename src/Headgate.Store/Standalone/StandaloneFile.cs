using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Headgate.Store.Protection;

namespace Headgate.Store.Standalone;

/// <summary>The file <c>standalone.json</c> of the data folder: the configuration that a client gave last, secrets sealed. Not thread-safe.</summary>
internal sealed class StandaloneFile(string folder, IFieldProtector protector)
{
    public const string FileName = "standalone.json";
    private const int Format = 1;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Absolute path.</summary>
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), FileName);

    /// <summary>Puts a document in the place of the one that is there, whole or not at all.</summary>
    public void Write(StandaloneDocument document, long revision)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("format", Format);
            writer.WriteNumber("revision", revision);
            writer.WriteString("digest", document.Digest);
            writer.WriteNumber("last_modified", document.LastModified);
            writer.WriteStartObject("versions");
            foreach ((string kind, long version) in document.Versions)
                writer.WriteNumber(kind, version);
            writer.WriteEndObject();
            writer.WriteStartObject("lists");
            foreach ((string kind, ReadOnlyMemory<byte> list) in document.Lists)
            {
                writer.WritePropertyName(kind);
                writer.WriteRawValue(StandaloneSecrets.Replace(kind, list, (place, text) => protector.Seal(place, text)).Span, skipInputValidation: true);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        ChecksummedFile.Write(Path, buffer.WrittenMemory);
    }

    /// <summary>The document in the file and its revision; null when there is none.</summary>
    /// <exception cref="InvalidDataException">It cannot be used; the message says why.</exception>
    public (StandaloneDocument Document, long Revision)? Read()
    {
        using JsonDocument? file = ChecksummedFile.Read(Path, int.MaxValue / 2, Format);
        if (file is null)
            return null;
        try
        {
            JsonElement root = file.RootElement;
            var document = new StandaloneDocument
            {
                Digest = root.GetProperty("digest").GetString()!,
                LastModified = root.GetProperty("last_modified").GetInt64(),
                Versions = root.GetProperty("versions").EnumerateObject().ToDictionary(static member => member.Name, static member => member.Value.GetInt64()),
                Lists = root.GetProperty("lists").EnumerateObject().ToDictionary(
                    static member => member.Name, member => StandaloneSecrets.Replace(member.Name, JsonMarshal.GetRawUtf8Value(member.Value).ToArray(), Revealed)),
            };
            return (document, root.GetProperty("revision").GetInt64());
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("a member is missing or of another kind: " + e.Message, e);
        }
    }

    private string Revealed(string place, string form) =>
        protector.TryReveal(place, form, out string text, out string? problem) ? text : throw new InvalidDataException($"{place} cannot be decrypted: {problem}");
}
