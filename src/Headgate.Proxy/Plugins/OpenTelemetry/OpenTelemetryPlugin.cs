using Headgate.Core.Plugins;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>Decides whether a request is traced, tells the node of it, and sends what became of it.</summary>
internal sealed class OpenTelemetryPlugin(OpenTelemetryConfig config, PluginMetadataSlot metadata, SpanExports exports, ILogger logger) : Plugin
{
    private readonly SpanAttributes _attributes = new(config);
    private bool _hasWarned;

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Rewrite | PluginPhases.End;

    /// <inheritdoc/>
    internal override bool Traces => !config.Sampler.IsOff;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> RewriteAsync(PluginContext context)
    {
        if (metadata.Current is not OpenTelemetryMetadata shared)
        {
            if (!_hasWarned)
                OpenTelemetryLog.NoMetadata(logger);
            _hasWarned = true;
            return default;
        }

        TraceParent parent = ReadParent(context.Forwarded);
        UInt128 trace = parent.IsValid ? parent.TraceId : NewTrace(context.Forwarded, shared.TakesRequestId);
        var own = new TraceParent(trace, exports.NewSpanId(), config.Sampler.Samples(parent, trace));
        Span<byte> text = stackalloc byte[TraceParent.Length];
        own.Write(text);
        context.Forwarded.Set("traceparent"u8, text);
        if (own.IsSampled)
            context.Keep(this) = exports.Begin(own, parent.SpanId);
        return default;
    }

    /// <inheritdoc/>
    public override void OnEnd(PluginContext context)
    {
        ref object? kept = ref context.Keep(this);
        if (kept is not SpanRecord span)
            return;
        kept = null;
        if (metadata.Current is OpenTelemetryMetadata shared)
            exports.End(span, shared, context, _attributes, logger);
    }

    /// <summary>What the client says of its place in a trace. Where that is nothing, or nothing that the standard allows, <c>tracestate</c> goes no further.</summary>
    private static TraceParent ReadParent(RequestEdits forwarded)
    {
        int place = 0;
        if (forwarded.TryGetNext("traceparent"u8, ref place, out ReadOnlySpan<byte> text) && TraceParent.TryParse(text, out TraceParent parent)
            && !forwarded.TryGetNext("traceparent"u8, ref place, out _))
        {
            return parent;
        }

        forwarded.Remove("tracestate"u8);
        return default;
    }

    private UInt128 NewTrace(RequestEdits forwarded, bool takesRequestId) =>
        takesRequestId && forwarded.TryGet("x-request-id"u8, out ReadOnlySpan<byte> text) && TraceParent.TryParseTraceId(text, out UInt128 id) ? id : exports.NewTraceId();
}
