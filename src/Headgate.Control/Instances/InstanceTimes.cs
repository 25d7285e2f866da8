namespace Headgate.Control.Instances;

/// <summary>From when on an instance counts as what. Source: API7 Enterprise 3.8, gateway groups.</summary>
internal static class InstanceTimes
{
    /// <summary>So long after a report another is due for certain: an instance reports every second.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(3);

    /// <summary>So long unheard, and its connection is lost.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(30);

    /// <summary>So long unheard, and it is offline.</summary>
    public static readonly TimeSpan OfflineAfter = TimeSpan.FromHours(2);

    /// <summary>So long unheard, and it is forgotten.</summary>
    public static readonly TimeSpan ForgottenAfter = TimeSpan.FromDays(7);

    /// <summary>So long an instance may run less than its group has, before it is out of sync: an edit is compiled and served within milliseconds.</summary>
    public static readonly TimeSpan SyncGrace = TimeSpan.FromSeconds(5);
}
