namespace Headgate.Proxy.Registries.Eureka;

/// <summary>What is known of a registry.</summary>
/// <param name="Server">Where all of it came from: deltas of another one may leave something out.</param>
/// <param name="Applications">What it has.</param>
/// <param name="AddsUp">Whether its hash code is counted as ours: otherwise nothing would show that a delta was lost.</param>
/// <param name="WholeAt">When it was last read as a whole.</param>
/// <param name="ReadAt">When anything was last read.</param>
internal sealed record EurekaCopy(Uri Server, EurekaApplications Applications, bool AddsUp, DateTimeOffset WholeAt, DateTimeOffset ReadAt)
{
    // A server tells of a change for three minutes (retentionTimeInMSInDeltaQueue). Its clock and its cache take their part of them.
    private static readonly TimeSpan DeltaReach = TimeSpan.FromSeconds(150);

    // The hash code only counts: one that is gone and one that has come in a lost delta do not show. So all is read now and then.
    private static readonly TimeSpan WholeEvery = TimeSpan.FromMinutes(5);

    /// <summary>Whether a delta will do at <paramref name="now"/>.</summary>
    public bool CanTakeDelta(DateTimeOffset now) => AddsUp && now - ReadAt <= DeltaReach && now - WholeAt < WholeEvery;
}
