namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>Which requests are traced.</summary>
public enum SamplerName
{
    /// <summary><c>always_off</c>: none.</summary>
    AlwaysOff,

    /// <summary><c>always_on</c>: all.</summary>
    AlwaysOn,

    /// <summary><c>trace_id_ratio</c>: a share, decided by the trace's id, so that all who decide so decide alike.</summary>
    TraceIdRatio,

    /// <summary><c>parent_base</c>: those whose sender is traced; who has none is decided by another sampler.</summary>
    ParentBase,
}
