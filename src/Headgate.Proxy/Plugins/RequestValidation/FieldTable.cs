using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Plugins.RequestValidation;

/// <summary>A request's header fields as JSON: an object of lower-cased names, whose values are texts, or lists of them where a name comes more than once. Keeps its memory; not thread-safe.</summary>
internal sealed class FieldTable
{
    private readonly List<(int Start, int NameLength, int Length)> _fields = [];
    private readonly ArrayBufferWriter<byte> _texts = new(4096);
    private readonly ArrayBufferWriter<byte> _json = new(4096);

    /// <summary>The fields as the node would get them by now; valid until the next call.</summary>
    public ReadOnlyMemory<byte> ReadJson(PluginContext context)
    {
        _fields.Clear();
        _texts.ResetWrittenCount();
        RequestHead head = context.Exchange.Request;
        foreach (ref readonly HeaderField field in head.Fields)
        {
            if (field.Known != KnownHeader.Edited)
                Add(head.Name(field), head.Value(field));
        }

        ReadOnlySpan<byte> lines = context.Forwarded.Lines;
        while (lines.IndexOf("\r\n"u8) is var end and >= 0)
        {
            int colon = lines.IndexOf((byte)':');
            Add(lines[..colon], lines[(colon + ": ".Length)..end]);
            lines = lines[(end + 2)..];
        }

        WriteJson();
        return _json.WrittenMemory;
    }

    private void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _fields.Add((_texts.WrittenCount, name.Length, name.Length + value.Length));
        Ascii.ToLower(name, _texts.GetSpan(name.Length), out int length);
        _texts.Advance(length);
        _texts.Write(value);
    }

    private void WriteJson()
    {
        _json.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_json);
        writer.WriteStartObject();
        for (int i = 0; i < _fields.Count; i++)
        {
            if (FindNamed(Name(i), 0) < i)
                continue; // written with the first of its name
            writer.WritePropertyName(Name(i));
            int next = FindNamed(Name(i), i + 1);
            if (next < _fields.Count)
                writer.WriteStartArray();
            WriteValue(writer, i);
            if (next == _fields.Count)
                continue;
            for (; next < _fields.Count; next = FindNamed(Name(i), next + 1))
                WriteValue(writer, next);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.Flush();
    }

    private ReadOnlySpan<byte> Name(int field) => _texts.WrittenSpan.Slice(_fields[field].Start, _fields[field].NameLength);

    /// <summary>The number of fields when there is none.</summary>
    private int FindNamed(ReadOnlySpan<byte> name, int from)
    {
        while (from < _fields.Count && !Name(from).SequenceEqual(name))
            from++;
        return from;
    }

    private void WriteValue(Utf8JsonWriter writer, int field)
    {
        (int start, int nameLength, int length) = _fields[field];
        ReadOnlySpan<byte> value = _texts.WrittenSpan[(start + nameLength)..(start + length)];
        if (Utf8.IsValid(value))
            writer.WriteStringValue(value);
        else
            writer.WriteStringValue(Encoding.Latin1.GetString(value));
    }
}
