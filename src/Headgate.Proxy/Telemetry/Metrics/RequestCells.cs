namespace Headgate.Proxy.Telemetry.Metrics;

/// <summary>What one writer has counted for a <see cref="LabelSet"/>.</summary>
internal sealed class RequestCells(long[] bounds)
{
    private readonly LatencyCells _request = new(bounds);
    private readonly LatencyCells _upstream = new(bounds);
    private readonly LatencyCells _gateway = new(bounds);
    private StatusCount? _statuses;
    private long _ingress;
    private long _egress;

    /// <summary>The statuses; null = none yet.</summary>
    public StatusCount? Statuses => Volatile.Read(ref _statuses);

    /// <summary>Counts a request that has ended.</summary>
    public void Add(Exchange exchange, RequestTrace trace)
    {
        int writer = trace.Writer;
        StatusCount.Add(ref _statuses, trace.Status, writer);
        Tally.Add(ref _ingress, exchange.BytesReceived, writer);
        Tally.Add(ref _egress, exchange.HeadBytesSent + exchange.BodyBytesSent, writer);
        long whole = trace.Ended - trace.Begun;
        long atNodes = 0;
        foreach (ref readonly TracedTry one in trace.Tries)
            atNodes += one.Ended - one.Begun;
        atNodes = Math.Min(atNodes, whole); // tries may overlap (hedging)
        _request.Add(whole, writer);
        _gateway.Add(whole - atNodes, writer);
        if (trace.Count > 0)
            _upstream.Add(atNodes, writer);
    }

    /// <summary>Adds all but the statuses to <paramref name="sum"/>.</summary>
    public void AddTo(FlowSum sum)
    {
        sum.Ingress += Volatile.Read(ref _ingress);
        sum.Egress += Volatile.Read(ref _egress);
        _request.AddTo(sum.Request);
        _upstream.AddTo(sum.Upstream);
        _gateway.AddTo(sum.Gateway);
    }
}
