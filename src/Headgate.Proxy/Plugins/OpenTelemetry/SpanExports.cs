using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using Headgate.Proxy.Plugins.Loggers;
using Headgate.Proxy.Telemetry;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>What all uses of <c>opentelemetry</c> have in common: ids, records and the way to the collector. Thread-safe.</summary>
internal sealed class SpanExports(PluginServices services)
{
    private const int BytesMax = 65_536;
    private const int KeptMax = 1024;

    private readonly Draws _ids = new(services.Seed);
    private readonly ConcurrentQueue<SpanRecord> _kept = new();
    private readonly Lock _gate = new();
    private volatile SpanExport? _latest;
    private bool _hasWarned;

    /// <summary>An id for a trace; never 0.</summary>
    public UInt128 NewTraceId() => new(NewSpanId(), NewSpanId());

    /// <summary>An id for a span; never 0.</summary>
    public ulong NewSpanId()
    {
        ulong id = _ids.Next();
        return id == 0 ? 1 : id;
    }

    /// <summary>A request is traced; the record is for <see cref="End"/>.</summary>
    public SpanRecord Begin(in TraceParent own, ulong parentId)
    {
        if (!_kept.TryDequeue(out SpanRecord? span))
            span = new SpanRecord();
        span.Begin(own, parentId);
        return span;
    }

    /// <summary>The request has ended: its spans are on their way, or dropped. Never waits.</summary>
    public void End(SpanRecord span, OpenTelemetryMetadata metadata, PluginContext context, SpanAttributes attributes, ILogger logger)
    {
        RequestTrace trace = context.Trace;

        // What the trace has are ticks of no calendar.
        long now = (services.Time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;
        var clock = new SpanClock(Stopwatch.GetTimestamp(), now);
        int length = Encode(span, context, trace, attributes, clock);
        while (length == 0 && span.Bytes.Length < BytesMax)
        {
            span.Grow();
            length = Encode(span, context, trace, attributes, clock);
        }

        if (length > 0)
        {
            ExportTo(metadata).Queue.Add(span.Bytes.AsSpan(0, length), trace);
        }
        else
        {
            services.Logs.OnDropped(1);
            if (!_hasWarned)
                OpenTelemetryLog.SpanTooLarge(logger, BytesMax);
            _hasWarned = true;
        }

        if (_kept.Count < KeptMax)
            _kept.Enqueue(span);
    }

    /// <summary>Length of the entry that the record holds then; 0 = it does not fit.</summary>
    private int Encode(SpanRecord span, PluginContext context, RequestTrace trace, SpanAttributes attributes, in SpanClock clock)
    {
        var to = new ProtoWriter(span.Bytes.AsSpan(sizeof(int)));
        ServerSpan.Write(ref to, span, context, trace, attributes, clock);
        ReadOnlySpan<TracedTry> tries = trace.Tries;
        for (int i = 0; i < tries.Length; i++)
            ClientSpan.Write(ref to, span.Own, NewSpanId(), tries[i], i, context.Exchange.Method, trace.Ended, clock);
        if (to.HasOverrun)
            return 0;
        BinaryPrimitives.WriteInt32LittleEndian(span.Bytes, to.Length);
        return to.Length + sizeof(int);
    }

    private SpanExport ExportTo(OpenTelemetryMetadata metadata)
    {
        SpanExport? latest = _latest;
        if (ReferenceEquals(latest?.Metadata, metadata))
            return latest!;
        lock (_gate)
        {
            if (_latest is null || !_latest.Metadata.Equals(metadata))
                _latest = new SpanExport(metadata, new LogQueue(new SpanSink(metadata), metadata.Batch, services.Logs, services.Time));
            else
                _latest = _latest with { Metadata = metadata };
            return _latest;
        }
    }
}
