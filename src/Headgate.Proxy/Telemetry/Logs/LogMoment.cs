namespace Headgate.Proxy.Telemetry.Logs;

/// <summary>When an entry is written.</summary>
/// <param name="UtcTicks">Ticks of <see cref="DateTime"/>, UTC.</param>
internal readonly record struct LogMoment(long UtcTicks)
{
    private static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <summary>Milliseconds since 1970.</summary>
    public long UnixMs => (UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    /// <summary>Writes <c>02/Jan/2026:15:04:05 +0000</c>.</summary>
    public void WriteLocal(ref LineWriter to)
    {
        var time = new DateTime(UtcTicks, DateTimeKind.Utc);
        Pair(ref to, time.Day);
        to.Write((byte)'/');
        to.Write(Months.Slice((time.Month - 1) * 3, 3));
        to.Write((byte)'/');
        to.Write(time.Year);
        to.Write((byte)':');
        Clock(ref to, time);
        to.Write(" +0000"u8);
    }

    /// <summary>Writes <c>2026-01-02T15:04:05+00:00</c>.</summary>
    public void WriteIso(ref LineWriter to)
    {
        var time = new DateTime(UtcTicks, DateTimeKind.Utc);
        Date(ref to, time);
        Clock(ref to, time);
        to.Write("+00:00"u8);
    }

    /// <summary>Writes <c>2026-01-02T15:04:05.678Z</c>.</summary>
    public void WriteZulu(ref LineWriter to)
    {
        var time = new DateTime(UtcTicks, DateTimeKind.Utc);
        Date(ref to, time);
        Clock(ref to, time);
        to.Write((byte)'.');
        to.Write((byte)('0' + (time.Millisecond / 100)));
        Pair(ref to, time.Millisecond % 100);
        to.Write((byte)'Z');
    }

    /// <summary>Writes seconds since 1970 with milliseconds.</summary>
    public void WriteUnix(ref LineWriter to)
    {
        to.Write(UnixMs / 1000);
        to.Write((byte)'.');
        to.Write((byte)('0' + (UnixMs / 100 % 10)));
        Pair(ref to, (int)(UnixMs % 100));
    }

    private static void Date(ref LineWriter to, DateTime time)
    {
        to.Write(time.Year);
        to.Write((byte)'-');
        Pair(ref to, time.Month);
        to.Write((byte)'-');
        Pair(ref to, time.Day);
        to.Write((byte)'T');
    }

    private static void Clock(ref LineWriter to, DateTime time)
    {
        Pair(ref to, time.Hour);
        to.Write((byte)':');
        Pair(ref to, time.Minute);
        to.Write((byte)':');
        Pair(ref to, time.Second);
    }

    private static void Pair(ref LineWriter to, int number)
    {
        to.Write((byte)('0' + (number / 10)));
        to.Write((byte)('0' + (number % 10)));
    }
}
