using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Telemetry;

/// <summary>What the data plane counts. Written by the threads that serve traffic, one interlocked addition each; read by whoever asks.</summary>
public sealed class ProxyCounters
{
    private readonly long[] _byStatusClass = new long[6];
    private readonly long[] _tries = new long[Enum.GetValues<AttemptFailure>().Length];
    private long _clientGone;
    private long _retries;
    private long _retriesRefused;
    private long _hedges;
    private long _hedgesWon;
    private long _hedgesRefused;
    private long _shortCircuits;
    private long _connections;
    private long _accepted;

    /// <summary>Requests answered, by the first digit of the status (1..5); 0 = no answer.</summary>
    public long RequestsByStatusClass(int firstDigit) => Volatile.Read(ref _byStatusClass[firstDigit]);

    /// <summary>Requests whose client went away before the answer was out.</summary>
    public long ClientsGone => Volatile.Read(ref _clientGone);

    /// <summary>Tries by how they ended.</summary>
    public long Tries(AttemptFailure outcome) => Volatile.Read(ref _tries[(int)outcome]);

    /// <summary>Tries that followed another of the same request.</summary>
    public long Retries => Volatile.Read(ref _retries);

    /// <summary>Retries that were not made because the upstream's budget was used up.</summary>
    public long RetriesRefused => Volatile.Read(ref _retriesRefused);

    /// <summary>Tries at a further node while another had not answered.</summary>
    public long Hedges => Volatile.Read(ref _hedges);

    /// <summary>Those of them whose answer was passed on.</summary>
    public long HedgesWon => Volatile.Read(ref _hedgesWon);

    /// <summary>Such tries that were not made because the upstream's budget was used up.</summary>
    public long HedgesRefused => Volatile.Read(ref _hedgesRefused);

    /// <summary>Requests refused because their upstream's circuit was open.</summary>
    public long ShortCircuits => Volatile.Read(ref _shortCircuits);

    /// <summary>Client connections open now.</summary>
    public long ConnectionsOpen => Volatile.Read(ref _connections);

    /// <summary>Client connections accepted so far.</summary>
    public long ConnectionsAccepted => Volatile.Read(ref _accepted);

    /// <summary>A request ended. Exactly once per request.</summary>
    public void OnRequestEnd(int status, bool clientGone)
    {
        Interlocked.Increment(ref _byStatusClass[Math.Clamp(status / 100, 0, 5)]);
        if (clientGone)
            Interlocked.Increment(ref _clientGone);
    }

    /// <summary>A try ended.</summary>
    public void OnTryEnd(AttemptFailure outcome) => Interlocked.Increment(ref _tries[(int)outcome]);

    /// <summary>A further try is made.</summary>
    public void OnRetry() => Interlocked.Increment(ref _retries);

    /// <summary>A further try is not made for lack of budget.</summary>
    public void OnRetryRefused() => Interlocked.Increment(ref _retriesRefused);

    /// <summary>A request is sent to a further node while another has not answered.</summary>
    public void OnHedge() => Interlocked.Increment(ref _hedges);

    /// <summary>The further node was faster.</summary>
    public void OnHedgeWon() => Interlocked.Increment(ref _hedgesWon);

    /// <summary>A request is not sent to a further node for lack of budget.</summary>
    public void OnHedgeRefused() => Interlocked.Increment(ref _hedgesRefused);

    /// <summary>An open circuit refused a request.</summary>
    public void OnShortCircuit() => Interlocked.Increment(ref _shortCircuits);

    /// <summary>A client connected.</summary>
    public void OnConnected()
    {
        Interlocked.Increment(ref _accepted);
        Interlocked.Increment(ref _connections);
    }

    /// <summary>A client's connection ended.</summary>
    public void OnDisconnected() => Interlocked.Decrement(ref _connections);
}
