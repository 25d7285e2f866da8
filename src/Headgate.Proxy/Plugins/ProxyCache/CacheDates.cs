using System.Buffers.Text;
using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>Dates in header fields (RFC 9110 §5.6.7, the form that is sent today).</summary>
internal static class CacheDates
{
    /// <summary>The date in an answer's field; false when there is none or it is no date.</summary>
    public static bool TryGet(ResponseHead head, ReadOnlySpan<byte> lowerName, out DateTimeOffset date)
    {
        date = default;
        return head.TryGet(lowerName, out ReadOnlySpan<byte> value) && TryParse(value, out date);
    }

    /// <summary>Reads a date.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out DateTimeOffset date) => Utf8Parser.TryParse(value, out date, out int read, 'R') && read == value.Length;
}
