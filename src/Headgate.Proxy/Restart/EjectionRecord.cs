using Headgate.Core.Health;
using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Restart;

/// <summary>What is kept of a node's ejections, by the wall clock: that of the process ends with it.</summary>
internal sealed record EjectionRecord
{
    /// <summary>The times are computed from two clocks: rounded, they are the same each time, and a file of which nothing has changed is not written.</summary>
    private const long StepTicks = TimeSpan.TicksPerSecond / 10;

    /// <summary>Whether it is ejected.</summary>
    public bool IsEjected { get; init; }

    /// <summary>What ejected it last.</summary>
    public required EjectionReason Why { get; init; }

    /// <summary>Ejections in a row, this one included.</summary>
    public required int InRow { get; init; }

    /// <summary>When it was ejected last.</summary>
    public required DateTimeOffset EjectedAt { get; init; }

    /// <summary>When it returned last; null = never.</summary>
    public DateTimeOffset? ReturnedAt { get; init; }

    /// <summary>The share that it takes on trial, ten-thousandths; 0 = it is not on trial.</summary>
    public int TrialShare { get; init; }

    /// <summary>The record of what is known at <paramref name="now"/>.</summary>
    public static EjectionRecord Of(OutlierMemory memory, DateTimeOffset now) => new()
    {
        IsEjected = memory.IsEjected,
        Why = memory.Why,
        InRow = memory.InRow,
        EjectedAt = Before(now, memory.EjectedAgoMs),
        ReturnedAt = memory.ReturnedAgoMs == 0 ? null : Before(now, memory.ReturnedAgoMs),
        TrialShare = memory.TrialShare,
    };

    /// <summary>What is known at <paramref name="now"/>.</summary>
    public OutlierMemory At(DateTimeOffset now) => new()
    {
        IsEjected = IsEjected,
        Why = Why,
        InRow = InRow,
        EjectedAgoMs = Since(EjectedAt, now),
        ReturnedAgoMs = ReturnedAt is { } returned ? Since(returned, now) : 0,
        TrialShare = TrialShare,
    };

    private static DateTimeOffset Before(DateTimeOffset now, long ms)
    {
        long ticks = now.UtcTicks - (ms * TimeSpan.TicksPerMillisecond) + (StepTicks / 2);
        return new DateTimeOffset(ticks - (ticks % StepTicks), TimeSpan.Zero);
    }

    private static long Since(DateTimeOffset then, DateTimeOffset now) => Math.Max(0, (long)(now - then).TotalMilliseconds);
}
