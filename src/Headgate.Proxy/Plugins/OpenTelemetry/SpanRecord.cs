namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>A request that is traced, while it is under way. Reused; used by the request's flow.</summary>
internal sealed class SpanRecord
{
    private const int FirstBytes = 2048;

    /// <summary>Its place in the trace.</summary>
    public TraceParent Own { get; private set; }

    /// <summary>The client's span; 0 = none.</summary>
    public ulong ParentId { get; private set; }

    /// <summary>Where its spans are encoded in the end.</summary>
    public byte[] Bytes { get; private set; } = new byte[FirstBytes];

    /// <summary>A request begins.</summary>
    public void Begin(in TraceParent own, ulong parentId) => (Own, ParentId) = (own, parentId);

    /// <summary>Doubles the place.</summary>
    public void Grow() => Bytes = new byte[Bytes.Length * 2];
}
