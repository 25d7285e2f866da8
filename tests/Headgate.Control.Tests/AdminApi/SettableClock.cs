namespace Headgate.Control.Tests.AdminApi;

/// <summary>The wall clock stands where a test puts it; timers and timestamps run as ever, so that waits end.</summary>
public sealed class SettableClock : TimeProvider
{
    public long UnixSeconds { get; set; } = 1_700_000_000;

    /// <summary>How far the second has got.</summary>
    public int Milliseconds { get; set; }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(UnixSeconds).AddMilliseconds(Milliseconds);
}
