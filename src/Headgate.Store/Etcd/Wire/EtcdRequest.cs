using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Headgate.Store.Etcd.Wire;

/// <summary>Writes questions for etcd's JSON gateway.</summary>
internal static class EtcdRequest
{
    /// <summary>A whole question.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            fields(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A transaction of reads.</summary>
    public static byte[] Reads(IEnumerable<Action<Utf8JsonWriter>> ranges) => Write(writer =>
    {
        writer.WriteStartArray("success");
        foreach (Action<Utf8JsonWriter> range in ranges)
            Operation(writer, "request_range", range);
        writer.WriteEndArray();
    });

    /// <summary>One operation of a transaction.</summary>
    public static void Operation(Utf8JsonWriter writer, string kind, Action<Utf8JsonWriter> fields)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(kind);
        fields(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>A put in a transaction.</summary>
    public static void Put(Utf8JsonWriter writer, string key, byte[] value) => Operation(writer, "request_put", w =>
    {
        w.Key(key);
        w.WriteBase64String("value", value);
    });

    /// <summary>One compare of a transaction with a number: <c>MOD</c>, <c>CREATE</c> or <c>VERSION</c>.</summary>
    public static void Compare(Utf8JsonWriter writer, Action<Utf8JsonWriter> keys, string target, string result, long number)
    {
        writer.WriteStartObject();
        keys(writer);
        writer.WriteString("target", target);
        writer.WriteString("result", result);
        writer.Number(target switch { "MOD" => "mod_revision", "CREATE" => "create_revision", _ => "version" }, number);
        writer.WriteEndObject();
    }

    /// <summary>One key.</summary>
    public static void Key(this Utf8JsonWriter writer, string key) => writer.WriteBase64String("key", Encoding.UTF8.GetBytes(key));

    /// <summary>A range of keys.</summary>
    public static void Range(this Utf8JsonWriter writer, KeyRange range)
    {
        writer.WriteBase64String("key", range.From.Length == 0 ? [0] : range.From); // an empty key is none to etcd
        writer.WriteBase64String("range_end", range.To);
    }

    /// <summary>A 64-bit number, as text.</summary>
    public static void Number(this Utf8JsonWriter writer, string name, long number) => writer.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
}
