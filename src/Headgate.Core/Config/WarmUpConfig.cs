namespace Headgate.Core.Config;

/// <summary>An upstream's slow start (APISIX's <c>warm_up_conf</c>): a node that is new, or comes back, takes a share of its requests that grows.</summary>
/// <param name="Window">Until the share is full, ≥ 1 s.</param>
/// <param name="MinWeightPercent">The least share, 1..100 percent.</param>
/// <param name="Interval">How often the share is set anew, ≥ 1 s; default 1 s.</param>
/// <param name="Aggression">Shape of the growth, ≥ 0.01: 1 is even, above 1 faster at first, below 1 slower; default 1.</param>
/// <param name="StartupGrace">Nodes that come within so long after the gateway's start count as warm, ≥ 0; default 0.</param>
public sealed record WarmUpConfig(TimeSpan Window, int MinWeightPercent, TimeSpan Interval, double Aggression, TimeSpan StartupGrace)
{
    /// <summary>
    /// The share so long after the beginning, in ten-thousandths, 1 to 10,000: max(min_weight_percent / 100, (t / window)^(1 / aggression)), the formula of Envoy and
    /// APISIX. The first second counts as one whole, as there; a time before the beginning (the clock was set back) does too.
    /// </summary>
    public int ShareAfter(TimeSpan elapsed)
    {
        if (elapsed >= Window)
            return 10_000;
        double grown = Math.Pow(Math.Max(1, elapsed.TotalSeconds) / Window.TotalSeconds, 1 / Aggression);
        return Math.Clamp((int)Math.Round(10_000 * Math.Max(MinWeightPercent / 100.0, grown)), 1, 10_000);
    }
}
