using System.Runtime.InteropServices;
using Headgate.Store.Protection;

namespace Headgate.Store.Standalone;

/// <summary>The file <c>standalone.json</c> of the data folder: the configuration that a client gave last, secrets sealed. Not thread-safe.</summary>
internal sealed class StandaloneFile(string folder, IFieldProtector protector)
{
    public const string FileName = "standalone.json";
    private const int Format = 1;

    /// <summary>Absolute path.</summary>
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), FileName);

    /// <summary>Puts a document in the place of the one that is there, whole or not at all.</summary>
    public void Write(StandaloneDocument document, long revision) => ChecksummedFile.Write(Path, Format, writer =>
    {
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
    });

    /// <summary>The document in the file and its revision; null when there is none.</summary>
    /// <exception cref="InvalidDataException">It cannot be used; the message says why.</exception>
    public (StandaloneDocument Document, long Revision)? Read() => ChecksummedFile.Read<(StandaloneDocument, long)?>(Path, Format, root =>
    {
        var document = new StandaloneDocument
        {
            Digest = root.GetProperty("digest").GetString()!,
            LastModified = root.GetProperty("last_modified").GetInt64(),
            Versions = root.GetProperty("versions").EnumerateObject().ToDictionary(static member => member.Name, static member => member.Value.GetInt64()),
            Lists = root.GetProperty("lists").EnumerateObject().ToDictionary(
                static member => member.Name, member => StandaloneSecrets.Replace(member.Name, JsonMarshal.GetRawUtf8Value(member.Value).ToArray(), Revealed)),
        };
        return (document, root.GetProperty("revision").GetInt64());
    });

    private string Revealed(string place, string form) =>
        protector.TryReveal(place, form, out string text, out string? problem) ? text : throw new InvalidDataException($"{place} cannot be decrypted: {problem}");
}
