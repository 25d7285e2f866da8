namespace Headgate.Proxy.Telemetry.Metrics;

/// <summary>What one writer has counted of a node's tries.</summary>
internal sealed class NodeCells(long[] bounds)
{
    private readonly long[] _outcomes = new long[NodeSum.OutcomesCount];
    private readonly LatencyCells _answers = new(bounds);
    private long _requests;
    private long _retries;

    /// <summary>Counts a try. <paramref name="isRetry"/>: another try of the request went before it; <paramref name="isLast"/>: none followed it.</summary>
    public void Add(in TracedTry one, bool isRetry, bool isLast, int writer)
    {
        Tally.Add(ref _outcomes[(int)one.Failure], 1, writer);
        if (isRetry)
            Tally.Add(ref _retries, 1, writer);
        if (isLast)
            Tally.Add(ref _requests, 1, writer);
        if (one.Headed != 0)
            _answers.Add(one.Headed - one.Begun, writer);
    }

    /// <summary>Adds all to <paramref name="sum"/>.</summary>
    public void AddTo(NodeSum sum)
    {
        for (int i = 0; i < _outcomes.Length; i++)
            sum.Outcomes[i] += Volatile.Read(ref _outcomes[i]);
        sum.Requests += Volatile.Read(ref _requests);
        sum.Retries += Volatile.Read(ref _retries);
        _answers.AddTo(sum.Answers);
    }
}
