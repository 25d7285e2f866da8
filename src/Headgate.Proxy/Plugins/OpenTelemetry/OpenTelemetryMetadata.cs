using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Loggers;

namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>What all uses of <c>opentelemetry</c> share: its metadata.</summary>
internal sealed record OpenTelemetryMetadata : PluginConfig
{
    /// <summary>Whether an <c>X-Request-Id</c> of 32 hexadecimal digits is the id of a new trace.</summary>
    public bool TakesRequestId { get; init; }

    /// <summary>What spans say about who made them, beside the defaults.</summary>
    public EquatableArray<ResourceAttribute> Resource { get; init; } = [];

    /// <summary>Where spans are posted.</summary>
    public required Uri Collector { get; init; }

    /// <summary>Time for a batch.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Header fields of each post. May be secrets.</summary>
    public EquatableArray<LogMember> RequestHeaders { get; init; } = [];

    /// <summary>How spans are sent together.</summary>
    public required BatchConfig Batch { get; init; }

    /// <summary>Without the header fields, so that a record that reaches a log carries no secret.</summary>
    public override string ToString() => $"OpenTelemetryMetadata {{ Collector = {Collector} }}";
}
