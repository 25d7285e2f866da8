namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>Which requests are traced.</summary>
/// <param name="Name">How that is decided.</param>
/// <param name="Fraction">The share, 0 to 1, for <see cref="SamplerName.TraceIdRatio"/>.</param>
/// <param name="Root">For requests without a parent, for <see cref="SamplerName.ParentBase"/>, and not that itself; null otherwise.</param>
public sealed record SamplerConfig(SamplerName Name, double Fraction = 0, SamplerConfig? Root = null)
{
    /// <summary>Whether none is ever traced.</summary>
    public bool IsOff => Name == SamplerName.AlwaysOff;

    /// <summary>Decides. <paramref name="parent"/>: not valid = there is none; <paramref name="traceId"/>: of the trace, the parent's or a new one.</summary>
    internal bool Samples(in TraceParent parent, UInt128 traceId) => Name switch
    {
        SamplerName.AlwaysOn => true,
        // The lower half without its lowest bit, as OpenTelemetry's samplers.
        SamplerName.TraceIdRatio => Fraction >= 1 || ((ulong)traceId >> 1) < (ulong)(Fraction * (1UL << 63)),
        SamplerName.ParentBase => parent.IsValid ? parent.IsSampled : Root!.Samples(parent, traceId),
        _ => false,
    };
}
