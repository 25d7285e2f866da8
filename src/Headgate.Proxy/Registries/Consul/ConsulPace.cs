using Headgate.Core.Primitives;

namespace Headgate.Proxy.Registries.Consul;

/// <summary>Spaces questions out, each time a tenth less or more, so that those of many followers do not fall together. Thread-safe.</summary>
/// <param name="time">Its clock.</param>
/// <param name="seed">Where its draws begin.</param>
internal sealed class ConsulPace(TimeProvider time, int seed)
{
    private ulong _drawn = (uint)seed * Mix64.Step;

    /// <summary>Waits until about <paramref name="gap"/> has passed since <paramref name="since"/>, a timestamp of the clock.</summary>
    public ValueTask KeepAsync(TimeSpan gap, long since, CancellationToken cancellationToken)
    {
        const int Steps = 1024;
        double part = 0.9 + (0.2 * Mix64.Below(Mix64.Of(Interlocked.Add(ref _drawn, Mix64.Step)), Steps) / Steps);
        TimeSpan left = (gap * part) - time.GetElapsedTime(since);
        return left > TimeSpan.Zero ? new ValueTask(Task.Delay(left, time, cancellationToken)) : ValueTask.CompletedTask;
    }

    /// <summary>Now, on the clock.</summary>
    public long Now => time.GetTimestamp();
}
