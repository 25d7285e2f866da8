using System.Globalization;
using System.Text;

namespace Headgate.Proxy.Http1;

/// <summary>
/// The Date field's value (IMF-fixdate, RFC 9110 §5.6.7), made once a second. Called concurrently; never blocks; allocates 29 bytes a second, nothing per call.
/// </summary>
public sealed class HttpDate
{
    /// <summary>Length of the text.</summary>
    public const int ByteCount = 29;

    private readonly TimeProvider _time;

    // Written by whichever thread first asks in a new second, read by all; immutable, so that a reader never sees half of a new one.
    private volatile Entry _entry;

    /// <summary>Begins with the clock's present second.</summary>
    public HttpDate(TimeProvider time)
    {
        _time = time;
        _entry = new Entry(time.GetUtcNow());
    }

    /// <summary>The present second as text. Valid as long as it is held.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            DateTimeOffset now = _time.GetUtcNow();
            Entry entry = _entry;
            if (entry.Second != Second(now))
                _entry = entry = new Entry(now);
            return entry.Text;
        }
    }

    private static long Second(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerSecond;

    private sealed class Entry(DateTimeOffset time)
    {
        internal readonly long Second = HttpDate.Second(time);
        internal readonly byte[] Text = Encoding.ASCII.GetBytes(time.ToString("R", CultureInfo.InvariantCulture));
    }
}
