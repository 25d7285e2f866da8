using System.Globalization;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads <c>hedging_policy</c>; null when there is none. What makes it useless for good is refused; a node too few is a warning, because nodes come and go.</summary>
internal static class HedgingReader
{
    private const string Name = "hedging_policy";
    private const string Delay = "hedging_delay";
    private const string MaxAttempts = "max_attempts";

    public static HedgingConfig? Read(ObjectReader upstream)
    {
        if (upstream.Object(Name) is not { } reader)
            return null;
        reader.Require(Delay);
        TimeSpan? delay = reader.Duration(Delay, aboveZero: true);
        int attempts = reader.Integer(MaxAttempts, 2, HedgingConfig.MaxAttemptsMax) ?? HedgingConfig.MaxAttemptsDefault;
        reader.ForbidOthers();
        return delay is { } known ? new HedgingConfig(known, attempts) : null;
    }

    /// <summary>What holds between it and the fields about retries, whose tries and budget it uses. That it is useless beside <c>retries: 0</c> is the matter of <see cref="RetryReader"/>.</summary>
    public static void Check(ObjectReader upstream, UpstreamConfig config)
    {
        if (config.Hedging is not { } hedging || config.Retries == 0)
            return;
        Location at = upstream.At.Property(Name);
        if (config.Retry.Budget is { BudgetPercent: 0, MinRetryConcurrency: 0 })
            upstream.Findings.Add(Phase.Own, at, $"{at.Path} has no effect: {upstream.At.Property("retry_budget").Path} allows none; give it more than 0");
        CheckDelay(upstream, at.Property(Delay), hedging, "per_try_timeout", config.Retry.PerTryTimeout, "has ended the first try by then");
        CheckDelay(upstream, at.Property(Delay), hedging, "retry_timeout", config.RetryTimeout is { Ticks: > 0 } limit ? limit : null, "lets no try begin by then");
        CheckAttempts(upstream, at, hedging, config);
    }

    private static void CheckDelay(ObjectReader upstream, Location at, HedgingConfig hedging, string name, TimeSpan? limit, string why)
    {
        if (limit is { } end && hedging.Delay >= end)
        {
            upstream.Findings.Add(Phase.Own, at, $"{at.Path} has no effect: {upstream.At.Property(name).Path} {why}; give less than "
                + end.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void CheckAttempts(ObjectReader upstream, Location hedgingAt, HedgingConfig hedging, UpstreamConfig config)
    {
        (Location at, int nodes) = (hedgingAt.Property(MaxAttempts), config.Nodes.Count);
        if (config.Retries is { } retries && hedging.MaxAttempts > 1 + (long)retries)
            upstream.Findings.Add(Phase.Own, at, $"{at.Path} {hedging.MaxAttempts} is more than the {1 + (long)retries} tries that {upstream.At.Property("retries").Path} allows");
        if (nodes == 1)
            upstream.Findings.Warn(hedgingAt, $"{hedgingAt.Path} has no effect with one node; it needs two or more");
        else if (nodes > 0 && hedging.MaxAttempts > nodes)
            upstream.Findings.Warn(at, $"{at.Path} {hedging.MaxAttempts} is more than the {nodes} nodes there are: each is asked once");
    }
}
