namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>Numbers of fields, and attributes. Source: <c>opentelemetry/proto/trace/v1/trace.proto</c> and <c>common/v1/common.proto</c>.</summary>
internal static class SpanFields
{
    /// <summary>A span among those of its scope.</summary>
    public const int Span = 2;
    public const int TraceId = 1;
    public const int SpanId = 2;
    public const int TraceState = 3;
    public const int ParentSpanId = 4;
    public const int Name = 5;
    public const int Kind = 6;
    public const int Start = 7;
    public const int End = 8;
    public const int Attributes = 9;
    public const int Status = 15;
    public const int StatusMessage = 2;
    public const int StatusCode = 3;
    public const ulong KindServer = 2;
    public const ulong KindClient = 3;
    public const ulong StatusError = 2;

    private const int Key = 1;
    private const int Value = 2;
    private const int TextValue = 1;
    private const int FlagValue = 2;
    private const int NumberValue = 3;
    private const int DoubleValue = 4;

    /// <summary>Writes ids, times and kind.</summary>
    public static void Head(ref ProtoWriter to, UInt128 trace, ulong id, ulong parent, ulong kind, ulong start, ulong end)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, trace);
        to.Bytes(TraceId, bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, id);
        to.Bytes(SpanId, bytes[..8]);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, parent);
        if (parent != 0)
            to.Bytes(ParentSpanId, bytes[..8]);
        to.Number(Kind, kind);
        to.Fixed(Start, start);
        to.Fixed(End, end);
    }

    /// <summary>Writes an attribute that is a text; none when it is empty.</summary>
    public static void Text(ref ProtoWriter to, scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return;
        int attribute = BeginAttribute(ref to, key, out int inner);
        to.Text(TextValue, value);
        EndAttribute(ref to, attribute, inner);
    }

    /// <summary>As the other, of a text of the configuration.</summary>
    public static void Text(ref ProtoWriter to, scoped ReadOnlySpan<byte> key, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        int attribute = BeginAttribute(ref to, key, out int inner);
        to.Text(TextValue, value);
        EndAttribute(ref to, attribute, inner);
    }

    /// <summary>Writes an attribute that is a whole number.</summary>
    public static void Number(ref ProtoWriter to, scoped ReadOnlySpan<byte> key, long value)
    {
        int attribute = BeginAttribute(ref to, key, out int inner);
        to.Number(NumberValue, (ulong)value);
        EndAttribute(ref to, attribute, inner);
    }

    /// <summary>Writes an attribute of the resource.</summary>
    public static void Resource(ref ProtoWriter to, ResourceAttribute value)
    {
        int attribute = to.Begin(1);
        to.Text(Key, value.Name);
        int inner = to.Begin(Value);
        if (value.Value is string text)
            to.Text(TextValue, text);
        else if (value.Value is bool flag)
            to.Number(FlagValue, flag ? 1UL : 0);
        else
            to.Fixed(DoubleValue, BitConverter.DoubleToUInt64Bits((double)value.Value));
        EndAttribute(ref to, attribute, inner);
    }

    /// <summary>Writes that the span failed, and why.</summary>
    public static void Error(ref ProtoWriter to, scoped ReadOnlySpan<byte> message)
    {
        int status = to.Begin(Status);
        to.Text(StatusMessage, message);
        to.Number(StatusCode, StatusError);
        to.End(status);
    }

    private static int BeginAttribute(ref ProtoWriter to, scoped ReadOnlySpan<byte> key, out int inner)
    {
        int attribute = to.Begin(Attributes);
        to.Bytes(Key, key);
        inner = to.Begin(Value);
        return attribute;
    }

    private static void EndAttribute(ref ProtoWriter to, int attribute, int inner)
    {
        to.End(inner);
        to.End(attribute);
    }
}
