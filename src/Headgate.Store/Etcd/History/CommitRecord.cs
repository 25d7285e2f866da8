using System.Buffers;
using System.IO.Compression;
using System.Text.Json;

namespace Headgate.Store.Etcd.History;

/// <summary>
/// One commit in the history: who, from where, why, when, and its changes. It lies in etcd compressed, because etcd's database is small (2 GB if nobody says otherwise) and values before
/// and after are much alike: a byte for the form (1), then Brotli of a line of JSON and the values one after the other.
/// </summary>
/// <param name="Time">When it was made, UTC, by the clock of whoever made it.</param>
/// <param name="Origin">Who, from where, why.</param>
/// <param name="Changes">In key order.</param>
internal sealed record CommitRecord(DateTimeOffset Time, Origin Origin, IReadOnlyList<RecordedChange> Changes)
{
    private const byte Form = 1;
    private const int Quality = 5;
    private const int WindowBits = 22; // 4 MB: a large value and the one after it
    private const long BytesMax = 64 * 1024 * 1024;

    /// <summary>As it lies in etcd.</summary>
    public byte[] Write()
    {
        var plain = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(plain))
        {
            writer.WriteStartObject();
            writer.WriteNumber("time_ms", Time.ToUnixTimeMilliseconds());
            writer.WriteString("who", Origin.Who);
            writer.WriteString("where", Origin.Where);
            writer.WriteString("why", Origin.Why);
            writer.WriteStartArray("changes");
            foreach (RecordedChange change in Changes)
            {
                writer.WriteStartObject();
                writer.WriteString("key", change.Key);
                writer.WriteNumber("read", change.ReadRevision);
                WriteLength(writer, "before", change.Before);
                WriteLength(writer, "after", change.After);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        plain.Write("\n"u8);
        foreach (RecordedChange change in Changes)
        {
            plain.Write((change.Before ?? default).Span);
            plain.Write((change.After ?? default).Span);
        }

        byte[] packed = new byte[BrotliEncoder.GetMaxCompressedLength(plain.WrittenCount) + 1];
        packed[0] = Form;
        if (!BrotliEncoder.TryCompress(plain.WrittenSpan, packed.AsSpan(1), out int length, Quality, WindowBits))
            throw new InvalidOperationException("Brotli needs more room than it says.");
        return packed[..(length + 1)];
    }

    /// <summary>Reads what <see cref="Write"/> wrote; null when it is something else.</summary>
    public static CommitRecord? Read(byte[] packed)
    {
        if (packed.Length == 0 || packed[0] != Form)
            return null;
        try
        {
            byte[] plain = Unpack(packed);
            int line = Array.IndexOf(plain, (byte)'\n');
            using var document = JsonDocument.Parse(plain.AsMemory(0, Math.Max(line, 0)));
            JsonElement root = document.RootElement;
            var values = new ReadOnlyMemory<byte>(plain, line + 1, plain.Length - line - 1);
            var changes = new List<RecordedChange>();
            foreach (JsonElement change in root.GetProperty("changes").EnumerateArray())
            {
                ReadOnlyMemory<byte>? before = Take(change, "before", ref values);
                ReadOnlyMemory<byte>? after = Take(change, "after", ref values);
                changes.Add(new RecordedChange(change.GetProperty("key").GetString()!, change.GetProperty("read").GetInt64(), before, after));
            }

            var origin = new Origin(root.GetProperty("who").GetString()!, root.GetProperty("where").GetString()!, root.GetProperty("why").GetString()!);
            return new CommitRecord(DateTimeOffset.FromUnixTimeMilliseconds(root.GetProperty("time_ms").GetInt64()), origin, changes);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var source = new MemoryStream(packed, 1, packed.Length - 1);
        using var brotli = new BrotliStream(source, CompressionMode.Decompress);
        using var plain = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        for (int read; (read = brotli.Read(buffer)) > 0;)
        {
            if (plain.Length + read > BytesMax)
                throw new InvalidDataException("a record too large to be one");
            plain.Write(buffer, 0, read);
        }

        return plain.ToArray();
    }

    private static void WriteLength(Utf8JsonWriter writer, string name, ReadOnlyMemory<byte>? value)
    {
        if (value is { } bytes)
            writer.WriteNumber(name, bytes.Length);
    }

    private static ReadOnlyMemory<byte>? Take(JsonElement change, string name, ref ReadOnlyMemory<byte> values)
    {
        if (!change.TryGetProperty(name, out JsonElement length))
            return null;
        ReadOnlyMemory<byte> value = values[..length.GetInt32()];
        values = values[value.Length..];
        return value;
    }
}
