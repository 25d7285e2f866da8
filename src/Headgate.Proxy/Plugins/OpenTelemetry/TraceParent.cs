using System.Buffers;
using System.Globalization;

namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>A place in a trace, as <c>traceparent</c> says it. Source: W3C Trace Context, level 1.</summary>
/// <param name="TraceId">The trace; 0 = none.</param>
/// <param name="SpanId">The span; 0 = none.</param>
/// <param name="IsSampled">Whether the sender records it.</param>
internal readonly record struct TraceParent(UInt128 TraceId, ulong SpanId, bool IsSampled)
{
    /// <summary>Bytes of its text.</summary>
    public const int Length = 55;

    private const int TraceAt = 3;
    private const int SpanAt = 36;
    private const int FlagsAt = 53;

    // Lower-case only, so says the standard.
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>Whether it names one.</summary>
    public bool IsValid => TraceId != 0;

    /// <summary>Reads one: of a later version what this one knows; anything else than the standard allows is refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out TraceParent parent)
    {
        parent = default;
        if (text.Length < Length || text[2] != '-' || text[SpanAt - 1] != '-' || text[FlagsAt - 1] != '-' || !IsHex(text[..2]) || !IsHex(text.Slice(FlagsAt, 2)))
            return false;
        bool isFirst = text.StartsWith("00"u8);
        if (text.StartsWith("ff"u8) || (text.Length > Length && (isFirst || text[Length] != '-')))
            return false;
        if (!TryParseTraceId(text.Slice(TraceAt, 32), out UInt128 trace) || !IsHex(text.Slice(TraceAt, 32)) || !IsHex(text.Slice(SpanAt, 16)))
            return false;
        if (!ulong.TryParse(text.Slice(SpanAt, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong span) || span == 0)
            return false;
        parent = new TraceParent(trace, span, (text[FlagsAt + 1] & 1) == ((text[FlagsAt + 1] <= '9') ? 1 : 0));
        return true;
    }

    /// <summary>Reads 32 hexadecimal digits that are not all nought, in either case.</summary>
    public static bool TryParseTraceId(ReadOnlySpan<byte> text, out UInt128 id)
    {
        id = 0;
        return text.Length == 32 && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id) && id != 0;
    }

    /// <summary>Writes <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> to)
    {
        "00-"u8.CopyTo(to);
        TraceId.TryFormat(to[TraceAt..], out _, "x32", CultureInfo.InvariantCulture);
        to[SpanAt - 1] = (byte)'-';
        SpanId.TryFormat(to[SpanAt..], out _, "x16", CultureInfo.InvariantCulture);
        (IsSampled ? "-01"u8 : "-00"u8).CopyTo(to[(FlagsAt - 1)..]);
    }

    private static bool IsHex(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(Digits);
}
