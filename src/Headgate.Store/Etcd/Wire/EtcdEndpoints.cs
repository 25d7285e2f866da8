namespace Headgate.Store.Etcd.Wire;

/// <summary>The members and which of them to ask: one stays in use until it fails; who failed lately is asked last. Thread-safe.</summary>
internal sealed class EtcdEndpoints
{
    private readonly Lock _gate = new();
    private readonly Uri[] _members;
    private readonly long[] _failedAt; // 0 = never, or has answered since
    private readonly TimeSpan _downFor;
    private readonly TimeProvider _time;
    private int _current;

    public EtcdEndpoints(IReadOnlyList<Uri> members, TimeSpan downFor, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfZero(members.Count);
        (_members, _failedAt, _downFor, _time) = ([.. members], new long[members.Count], downFor, time);
    }

    /// <summary>How many there are.</summary>
    public int Count => _members.Length;

    /// <summary>All of them, for texts.</summary>
    public string Names => string.Join(", ", _members.Select(Name));

    /// <summary>Whom to ask now.</summary>
    public Uri Current
    {
        get
        {
            lock (_gate)
                return _members[_current];
        }
    }

    /// <summary>Scheme, host and port of a member.</summary>
    public static string Name(Uri member) => member.GetLeftPart(UriPartial.Authority);

    /// <summary>A member has answered.</summary>
    public void Succeeded(Uri member)
    {
        lock (_gate)
            _failedAt[Array.IndexOf(_members, member)] = 0;
    }

    /// <summary>A member has not: the next is asked, one that is not known to be down if there is one, or else the one that failed longest ago.</summary>
    public void Failed(Uri member)
    {
        lock (_gate)
        {
            int index = Array.IndexOf(_members, member);
            long now = Math.Max(1, _time.GetTimestamp());
            _failedAt[index] = now;
            if (index != _current)
                return; // someone else has left it already
            int best = index;
            for (int i = 1; i < _members.Length; i++)
            {
                int candidate = (index + i) % _members.Length;
                bool isUp = _failedAt[candidate] == 0 || _time.GetElapsedTime(_failedAt[candidate], now) >= _downFor;
                if (isUp)
                {
                    _current = candidate;
                    return;
                }

                if (_failedAt[candidate] < _failedAt[best])
                    best = candidate;
            }

            _current = best;
        }
    }
}
