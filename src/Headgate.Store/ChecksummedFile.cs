using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Headgate.Store;

/// <summary>
/// A file that holds one JSON object, the SHA-256 of everything else in it being its first member, and the version of its form the next: damage of any kind is found before a byte of it is
/// used.
/// </summary>
internal static class ChecksummedFile
{
    private const string Begin = "{\"sha256\":\"";
    private const string End = "\",\n";
    private const int BytesMax = int.MaxValue / 2;
    private const int HeadBytes = 11 + (SHA256.HashSizeInBytes * 2) + 3;

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="format">Version of its form, from 1.</param>
    /// <param name="members">Writes the members.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, int format, Action<Utf8JsonWriter> members)
    {
        ReadOnlyMemory<byte> json = JsonOutput.Build(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("format", format);
            members(writer);
            writer.WriteEndObject();
        });
        ReadOnlyMemory<byte> rest = json[1..];
        AtomicFile.Write(path, Encoding.ASCII.GetBytes(Begin + Convert.ToHexStringLower(SHA256.HashData(rest.Span)) + End), rest);
    }

    /// <summary>What is in the file; the default when there is no file.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="formatMax">Highest version of its form that is understood; the lowest is 1.</param>
    /// <param name="read">Reads the object. What it throws of a member that is missing or of another kind is said to be that.</param>
    /// <exception cref="InvalidDataException">It is damaged, too large, of a later version, or not what is to be read; the message says which.</exception>
    public static T? Read<T>(string path, int formatMax, Func<JsonElement, T> read)
    {
        using JsonDocument? document = Open(path, formatMax);
        if (document is null)
            return default;
        try
        {
            return read(document.RootElement);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("a member is missing or of another kind: " + e.Message, e);
        }
    }

    /// <summary>Moves a file that cannot be used out of the way, over one that was moved before; returns where it is then.</summary>
    public static string SetAside(string path)
    {
        string aside = path + ".damaged";
        try
        {
            File.Move(path, aside, overwrite: true);
            return aside;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return path; // it stays where it is, and is written over in time
        }
    }

    private static JsonDocument? Open(string path, int formatMax)
    {
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists)
                return null;
            if (info.Length > BytesMax)
                throw new InvalidDataException($"it has {info.Length} bytes, and at most {BytesMax} are read");
            byte[] bytes = File.ReadAllBytes(path);
            if (!HasItsChecksum(bytes))
                throw new InvalidDataException("its checksum is not that of its content: it was cut off or changed");
            JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 128 });
            long format = document.RootElement.TryGetProperty("format", out JsonElement member) && member.TryGetInt64(out long number) ? number : 0;
            if (format >= 1 && format <= formatMax)
                return document;
            document.Dispose();
            throw new InvalidDataException($"its format is {format}, and this version reads 1 to {formatMax}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw e is InvalidDataException ? e : new InvalidDataException(e.Message, e);
        }
    }

    private static bool HasItsChecksum(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= HeadBytes || !bytes.StartsWith(Encoding.ASCII.GetBytes(Begin)) || !bytes[..HeadBytes].EndsWith(Encoding.ASCII.GetBytes(End)))
            return false;
        string written = Encoding.ASCII.GetString(bytes[Begin.Length..(HeadBytes - End.Length)]);
        return written == Convert.ToHexStringLower(SHA256.HashData(bytes[HeadBytes..]));
    }
}
