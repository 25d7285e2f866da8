namespace Headgate.Core.Config;

/// <summary>An upstream's queue: where requests wait while every node has its <c>max_requests</c>.</summary>
/// <param name="Size">Requests that may wait at a time, ≥ 1.</param>
/// <param name="Timeout">How long one waits at most, above 0; default 60 s, as nginx.</param>
public sealed record RequestQueueConfig(int Size, TimeSpan Timeout)
{
    /// <summary>60 s.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(60);
}
