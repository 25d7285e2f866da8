using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>
/// Where requests to an upstream wait for a permit (<see cref="RequestPermits"/>), first come, first served: while one waits nobody passes it by. One for an upstream
/// for as long as that exists, through every edit. Thread-safe; the lock is held for a few picks at most.
/// <para>
/// No permit is lost between who frees it and who begins to wait: the one gives the permit back and then looks whether anybody waits, the other enters the queue and then
/// looks whether there is a permit, each with a full fence between.
/// </para>
/// </summary>
public sealed class RequestQueue
{
    /// <summary>
    /// Waiting requests of one version of the upstream that are looked at for one free permit. The first can use it as a rule; not when it has tried that node already, or the node takes no
    /// requests now. Those of another version may have nodes that these have not.
    /// </summary>
    private const int LooksMax = 64;

    private readonly Lock _lock = new();
    private QueuedRequest? _first;
    private QueuedRequest? _last;

    // Written under the lock, the count of refusals without it; the first is read by every pick and by every end of a try.
    private int _count;
    private long _served;
    private long _timedOut;
    private long _left;
    private long _refused;

    /// <summary>Requests that wait now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Requests so far that were given a permit after they had waited.</summary>
    public long Served => Volatile.Read(ref _served);

    /// <summary>Requests so far that waited for as long as they may.</summary>
    public long TimedOut => Volatile.Read(ref _timedOut);

    /// <summary>Requests so far that found no permit and no place to wait.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Requests so far whose client went away while they waited.</summary>
    public long Left => Volatile.Read(ref _left);

    /// <summary>
    /// The request waits from now on, and may be given its node before this returns. False when <paramref name="sizeMax"/> wait already (0 = nobody may): it counts as
    /// refused.
    /// </summary>
    public bool TryEnter(QueuedRequest request, int sizeMax)
    {
        lock (_lock)
        {
            if (_count >= sizeMax)
            {
                Refuse();
                return false;
            }

            Append_NeedsLock(request);
        }

        ServeNext();
        return true;
    }

    /// <summary>Nobody may wait here: counts a request that found no permit.</summary>
    public void Refuse() => Interlocked.Increment(ref _refused);

    /// <summary>Its time is over. False when it has a node already: then it goes on with that.</summary>
    public bool TryTimeOut(QueuedRequest request) => TryLeave(request, ref _timedOut);

    /// <summary>Its client is gone. False when it has a node already: then it goes on with that, and gives it back.</summary>
    public bool TryLeave(QueuedRequest request) => TryLeave(request, ref _left);

    /// <summary>A permit may have come free: the request that has waited longest and can use it goes on. True when one does.</summary>
    public bool ServeNext()
    {
        Interlocked.MemoryBarrier(); // see the class: after the permit was given back, or the request entered
        if (Count == 0)
            return false;

        QueuedRequest? served;
        lock (_lock)
        {
            served = FirstServed_NeedsLock();
            if (served is null)
                return false;
            Remove_NeedsLock(served);
            _served++;
        }

        served.OnNode();
        return true;
    }

    /// <summary>Any number of permits may have come free: a limit was raised, a node came back.</summary>
    public void ServeAll()
    {
        while (ServeNext())
        {
        }
    }

    /// <summary>The first that is given a node; null when there is none for anybody.</summary>
    private QueuedRequest? FirstServed_NeedsLock()
    {
        int looks = 0;
        for (QueuedRequest? request = _first, before = null; request is not null; (before, request) = (request, request.Next))
        {
            looks = before is null || before.Upstream == request.Upstream ? looks + 1 : 1;
            if (looks <= LooksMax && request.TryPick())
                return request;
        }

        return null;
    }

    private bool TryLeave(QueuedRequest request, ref long counter)
    {
        lock (_lock)
        {
            if (!request.IsQueued)
                return false;
            Remove_NeedsLock(request);
            counter++;
            return true;
        }
    }

    private void Append_NeedsLock(QueuedRequest request)
    {
        request.IsQueued = true;
        request.Previous = _last;
        if (_last is null)
            _first = request;
        else
            _last.Next = request;
        _last = request;
        Volatile.Write(ref _count, _count + 1);
    }

    private void Remove_NeedsLock(QueuedRequest request)
    {
        if (request.Previous is null)
            _first = request.Next;
        else
            request.Previous.Next = request.Next;
        if (request.Next is null)
            _last = request.Previous;
        else
            request.Next.Previous = request.Previous;
        (request.Previous, request.Next, request.IsQueued) = (null, null, false);
        Volatile.Write(ref _count, _count - 1);
    }
}
