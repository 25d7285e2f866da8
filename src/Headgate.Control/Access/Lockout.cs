namespace Headgate.Control.Access;

/// <summary>
/// Slows down who guesses passwords: after five failures in a row a name is locked for a minute, after each further one for twice as long, up to an hour; an address is after twenty. What
/// is remembered is this process's, and bounded. Thread-safe.
/// </summary>
internal sealed class Lockout(TimeProvider time)
{
    private const int NameFailuresMax = 5;
    private const int AddressFailuresMax = 20;
    private const int RememberedMax = 10_000;
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Failures, DateTimeOffset Until)> _failures = new(StringComparer.Ordinal);

    /// <summary>How long nobody may try by that name or from that address; zero = now.</summary>
    public TimeSpan Wait(string username, string address)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_lock)
        {
            TimeSpan name = Left(Name(username), now);
            TimeSpan peer = Left(Peer(address), now);
            return name > peer ? name : peer;
        }
    }

    /// <summary>A try has failed. True when it locks.</summary>
    public bool Fail(string username, string address)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_lock)
        {
            if (_failures.Count > RememberedMax)
            {
                foreach (string old in _failures.Where(pair => pair.Value.Until < now).Select(static pair => pair.Key).ToArray())
                    _failures.Remove(old);
            }

            bool name = Count(Name(username), NameFailuresMax, now);
            return Count(Peer(address), AddressFailuresMax, now) || name;
        }
    }

    /// <summary>A try has succeeded: the name's failures are forgotten. The address's are not: who has an account of their own may guess others' all the same.</summary>
    public void Succeed(string username)
    {
        lock (_lock)
            _failures.Remove(Name(username));
    }

    private static string Name(string username) => "name " + username;

    private static string Peer(string address) => "address " + address;

    private TimeSpan Left(string key, DateTimeOffset now) => _failures.TryGetValue(key, out var known) && known.Until > now ? known.Until - now : TimeSpan.Zero;

    private bool Count(string key, int most, DateTimeOffset now)
    {
        int failures = _failures.TryGetValue(key, out var known) && known.Until + Longest > now ? known.Failures + 1 : 1;
        double minutes = Math.Min(Longest.TotalMinutes, First.TotalMinutes * Math.Pow(2, failures - most));
        _failures[key] = (failures, failures < most ? now : now + TimeSpan.FromMinutes(minutes));
        return failures >= most;
    }
}
