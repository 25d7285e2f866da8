namespace Headgate.Core.Config.Reading;

/// <summary>Times as configurations write them: a number of seconds with any fraction.</summary>
internal static class Seconds
{
    /// <summary>Longest time that is accepted: what fits a timer of 32-bit milliseconds, about 24 days.</summary>
    public const int Max = int.MaxValue / 1000;

    /// <summary>Converts; what is above zero is at least a millisecond, so that no limit turns into 'none' by rounding.</summary>
    public static TimeSpan ToTimeSpan(double seconds) =>
        seconds <= 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Max(1, seconds * 1000));
}
