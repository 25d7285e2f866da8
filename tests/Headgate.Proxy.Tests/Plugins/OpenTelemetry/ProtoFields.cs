using System.Buffers.Binary;
using System.Text;

namespace Headgate.Proxy.Tests.Plugins.OpenTelemetry;

/// <summary>The fields of a message of Protocol Buffers, read by hand.</summary>
internal sealed class ProtoFields
{
    private readonly List<(int Field, ulong Number, byte[] Bytes)> _fields = [];

    public ProtoFields(ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            ulong tag = Varint(ref message);
            (ulong number, int length) = (tag & 7) switch
            {
                0 => (Varint(ref message), 0),
                1 => (BinaryPrimitives.ReadUInt64LittleEndian(message), 8),
                2 => (0UL, (int)Varint(ref message)),
                _ => throw new InvalidDataException($"wire type {tag & 7}"),
            };
            _fields.Add(((int)(tag >> 3), number, message[..length].ToArray()));
            message = message[length..];
        }
    }

    /// <summary>Messages of a repeated field.</summary>
    public IEnumerable<ProtoFields> Messages(int field) => _fields.Where(each => each.Field == field).Select(each => new ProtoFields(each.Bytes));

    /// <summary>A number; 0 when it is not there.</summary>
    public ulong Number(int field) => _fields.SingleOrDefault(each => each.Field == field).Number;

    /// <summary>Bytes as hexadecimal digits; empty when they are not there.</summary>
    public string Hex(int field) => Convert.ToHexStringLower(_fields.SingleOrDefault(each => each.Field == field).Bytes ?? []);

    /// <summary>A text, which must be UTF-8.</summary>
    public string Text(int field) => new UTF8Encoding(false, true).GetString(_fields.SingleOrDefault(each => each.Field == field).Bytes ?? []);

    /// <summary>Attributes, KeyValue messages of that field, as texts.</summary>
    public Dictionary<string, string> Attributes(int field) => Messages(field).ToDictionary(each => each.Text(1), each => Value(each.Messages(2).Single()));

    private static string Value(ProtoFields value) => value._fields.Single() switch
    {
        (1, _, _) => value.Text(1),
        (2, ulong flag, _) => flag == 1 ? "true" : "false",
        (3, ulong number, _) => ((long)number).ToString(System.Globalization.CultureInfo.InvariantCulture),
        (4, ulong bits, _) => BitConverter.UInt64BitsToDouble(bits).ToString(System.Globalization.CultureInfo.InvariantCulture),
        var (field, _, _) => throw new InvalidDataException($"value {field}"),
    };

    private static ulong Varint(ref ReadOnlySpan<byte> from)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = from[0];
            from = from[1..];
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
                return value;
        }
    }
}
