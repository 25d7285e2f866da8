using System.Text;

namespace Headgate.Proxy.Http1;

/// <summary>
/// The trailer section behind the last chunk (RFC 9112 §7.1.2), read by the rules of header lines. Lines that would act on framing, routing, the connection,
/// credentials or the content's form are dropped (RFC 9110 §6.5.1), not refused: they do nothing where they stand.
/// </summary>
internal static class TrailerSection
{
    private static readonly HeadLimits Limits = new(HeadBytesMax: BodyDecoder.TrailerBytesMax, FieldsMax: 32);

    /// <summary>Checks the section at the front of <paramref name="bytes"/>: <see cref="BodyStep.Trailers"/> when it is whole and well-formed, else NeedMore or Bad.</summary>
    internal static BodyStep Check(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\r\n"u8))
            return BodyStep.Trailers;
        ReadOnlySpan<byte> window = bytes.Length > BodyDecoder.TrailerBytesMax ? bytes[..BodyDecoder.TrailerBytesMax] : bytes;
        HeadLines lines = new(window, 0, Limits);
        HeadLines.Step step;
        while ((step = lines.Next(out _, out _)) == HeadLines.Step.Field)
        {
        }

        return step switch
        {
            HeadLines.Step.End => BodyStep.Trailers,
            HeadLines.Step.Incomplete when window.Length < BodyDecoder.TrailerBytesMax => BodyStep.NeedMore,
            _ => BodyStep.Bad,
        };
    }

    /// <summary>Finds the next run of lines to pass on in a checked section, or its end.</summary>
    internal static BodyStep Next(ReadOnlySpan<byte> bytes, ref int skip, out int take)
    {
        take = 0;
        HeadLines lines = new(bytes, 0, Limits);
        while (lines.Next(out HeaderField field, out _) == HeadLines.Step.Field)
        {
            bool kept = field.Known == KnownHeader.Other && !IsForbidden(bytes.Slice(field.NameStart, field.NameLength));
            if (kept)
                take += field.LineEnd - field.NameStart;
            else if (take > 0)
                break;
            else
                skip += field.LineEnd - field.NameStart;
        }

        if (take > 0)
            return BodyStep.Trailers;
        skip += 2;
        return BodyStep.End;
    }

    private static bool IsForbidden(ReadOnlySpan<byte> name) => name.Length switch
    {
        6 => Is(name, "cookie"u8),
        10 => Is(name, "set-cookie"u8),
        12 => Is(name, "content-type"u8),
        13 => Is(name, "authorization"u8) || Is(name, "content-range"u8),
        16 => Is(name, "content-encoding"u8),
        _ => false,
    };

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower) => Ascii.EqualsIgnoreCase(name, lower);
}
