using System.Diagnostics;
using Headgate.Proxy.Telemetry.Logs;

namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>Turns ticks of <see cref="Stopwatch"/> into nanoseconds since 1970, by one moment that is known as both.</summary>
/// <param name="Timestamp">The moment as ticks.</param>
/// <param name="UnixNanoseconds">The moment as nanoseconds.</param>
internal readonly record struct SpanClock(long Timestamp, long UnixNanoseconds)
{
    /// <summary>The moment as logs have it.</summary>
    public LogMoment Moment => new((UnixNanoseconds / TimeSpan.NanosecondsPerTick) + DateTime.UnixEpoch.Ticks);

    /// <summary>Nanoseconds since 1970.</summary>
    public ulong At(long timestamp) => (ulong)(UnixNanoseconds - (Stopwatch.GetElapsedTime(timestamp, Timestamp).Ticks * TimeSpan.NanosecondsPerTick));
}
