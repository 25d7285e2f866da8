using Headgate.Proxy.Plugins.Loggers;

namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>The way to the collector that metadata names.</summary>
/// <param name="Metadata">The metadata.</param>
/// <param name="Queue">Spans on their way.</param>
internal sealed record SpanExport(OpenTelemetryMetadata Metadata, LogQueue Queue);
