using System.Runtime.InteropServices;

namespace Headgate.Core.Upstreams;

/// <summary>
/// How the tries at a node ended, for outlier detection: failures in a row, and requests and failures since they were last taken. Written by the threads that serve
/// traffic, an interlocked addition or two a try, apart from their neighbours on the heap as <c>BalancerState</c> is; taken by one thread at a time.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 160)]
public sealed class TryCounters
{
    [FieldOffset(64)]
    private long _requests;

    [FieldOffset(72)]
    private long _failures;

    [FieldOffset(80)]
    private int _failuresInRow;

    [FieldOffset(84)]
    private int _gatewayFailuresInRow;

    /// <summary>Counts a request, and its failure.</summary>
    public void Add(bool failed)
    {
        Interlocked.Increment(ref _requests);
        if (failed)
            Interlocked.Increment(ref _failures);
    }

    /// <summary>Ends both rows. Mostly there is none to end, and nothing is written.</summary>
    public void EndRows()
    {
        if (Volatile.Read(ref _failuresInRow) != 0)
            Volatile.Write(ref _failuresInRow, 0);
        EndGatewayRow();
    }

    /// <summary>Ends the row of failures that were the gateway kind.</summary>
    public void EndGatewayRow()
    {
        if (Volatile.Read(ref _gatewayFailuresInRow) != 0)
            Volatile.Write(ref _gatewayFailuresInRow, 0);
    }

    /// <summary>One more failure in a row; true for exactly one caller when <paramref name="limit"/> is reached, and the row begins anew.</summary>
    public bool FailureReaches(int limit) => Reaches(ref _failuresInRow, limit);

    /// <summary>One more failure of the gateway kind in a row; as <see cref="FailureReaches"/>.</summary>
    public bool GatewayFailureReaches(int limit) => Reaches(ref _gatewayFailuresInRow, limit);

    /// <summary>Requests so far since they were taken.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Takes requests and failures, never more of these than of those, and begins anew.</summary>
    public (long Requests, long Failures) Take()
    {
        long failures = Interlocked.Exchange(ref _failures, 0); // first: a request is counted before its failure
        long requests = Interlocked.Exchange(ref _requests, 0);
        return (Math.Max(requests, failures), failures);
    }

    private static bool Reaches(ref int row, int limit) => Interlocked.Increment(ref row) >= limit && Interlocked.Exchange(ref row, 0) >= limit;
}
