using System.Buffers.Text;
using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Upstream;

/// <summary>Reads <c>Retry-After</c> (RFC 9110 §10.2.3): seconds, or a date, which counts from the answer's own <c>Date</c>, so that no two clocks are compared.</summary>
internal static class RetryAfter
{
    /// <summary>Milliseconds that the node asks to wait, 0 for a time that has passed; null when it asks for nothing that can be understood.</summary>
    public static long? Milliseconds(ResponseHead answer)
    {
        if (!answer.TryGet("retry-after"u8, out ReadOnlySpan<byte> value))
            return null;
        if (Utf8Parser.TryParse(value, out uint seconds, out int read) && read == value.Length)
            return seconds * 1000L;
        return TryParseDate(value, out DateTimeOffset at) && answer.TryGet("date"u8, out ReadOnlySpan<byte> date) && TryParseDate(date, out DateTimeOffset now)
            ? Math.Max(0, (long)(at - now).TotalMilliseconds)
            : null;
    }

    private static bool TryParseDate(ReadOnlySpan<byte> value, out DateTimeOffset date) => Utf8Parser.TryParse(value, out date, out int read, 'R') && read == value.Length;
}
