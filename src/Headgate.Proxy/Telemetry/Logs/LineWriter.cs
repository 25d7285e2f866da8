using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace Headgate.Proxy.Telemetry.Logs;

/// <summary>Writes text into a span; what does not fit is left out, and said so.</summary>
internal ref struct LineWriter
{
    private readonly Span<byte> _to;

    public LineWriter(Span<byte> to) => _to = to;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Whether something did not fit.</summary>
    public bool HasOverrun { get; private set; }

    /// <summary>Writes bytes as they are.</summary>
    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.TryCopyTo(_to[Length..]))
            Length += bytes.Length;
        else
            HasOverrun = true;
    }

    /// <summary>Writes a byte as it is.</summary>
    public void Write(byte value) => Write([value]);

    /// <summary>Writes a whole number.</summary>
    public void Write(long number)
    {
        if (Utf8Formatter.TryFormat(number, _to[Length..], out int written))
            Length += written;
        else
            HasOverrun = true;
    }

    /// <summary>Writes ticks of <see cref="System.Diagnostics.Stopwatch"/> as seconds with three digits behind the point, as nginx does.</summary>
    public void WriteSeconds(long ticks)
    {
        long ms = (long)System.Diagnostics.Stopwatch.GetElapsedTime(0, Math.Max(0, ticks)).TotalMilliseconds;
        Write(ms / 1000);
        Write([(byte)'.', (byte)('0' + (ms / 100 % 10)), (byte)('0' + (ms / 10 % 10)), (byte)('0' + (ms % 10))]);
    }

    /// <summary>Writes a body so that it can end neither a value nor a line; in JSON, what is UTF-8 stays the text that it is.</summary>
    public void WriteText(scoped ReadOnlySpan<byte> bytes, LogEscape escape)
    {
        if (escape == LogEscape.Json && Utf8.IsValid(bytes))
            WriteEscaped(bytes, escape, LogBytes.JsonTextEscaped);
        else
            WriteEscaped(bytes, escape);
    }

    /// <summary>Writes a client's bytes so that they can end neither a value nor a line.</summary>
    public void WriteEscaped(scoped ReadOnlySpan<byte> bytes, LogEscape escape) => WriteEscaped(bytes, escape, escape switch
    {
        LogEscape.None => LogBytes.LineEnds,
        LogEscape.Json => LogBytes.JsonEscaped,
        _ => LogBytes.DefaultEscaped,
    });

    private void WriteEscaped(scoped ReadOnlySpan<byte> bytes, LogEscape escape, SearchValues<byte> escaped)
    {
        while (!bytes.IsEmpty)
        {
            int at = bytes.IndexOfAny(escaped);
            Write(at < 0 ? bytes : bytes[..at]);
            if (at < 0)
                return;
            WriteEscape(bytes[at], escape);
            bytes = bytes[(at + 1)..];
        }
    }

    private void WriteEscape(byte value, LogEscape escape)
    {
        if (escape != LogEscape.Json)
            Write([(byte)'\\', (byte)'x', Hex(value >> 4), Hex(value & 15)]);
        else if (value is (byte)'"' or (byte)'\\')
            Write([(byte)'\\', value]);
        else
            Write([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', Hex(value >> 4), Hex(value & 15)]);
    }

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'A' + digit - 10);
}
