namespace Headgate.Core.Snapshot;

/// <summary>
/// Who names what: the users of each id, whether or not an object of that id exists. Most ids have one user, some have ten thousand: one is held as itself,
/// more as a set. Not thread-safe: the compiler's.
/// </summary>
/// <typeparam name="T">The users, compared by reference.</typeparam>
internal sealed class ReferenceIndex<T>
    where T : class
{
    private readonly Dictionary<string, object> _users = new(StringComparer.Ordinal);

    /// <summary>Moves a user from one id to another; null = none. Nothing happens when they are equal.</summary>
    public void Move(T user, string? from, string? to)
    {
        if (string.Equals(from, to, StringComparison.Ordinal))
            return;
        if (from is not null)
            Remove(from, user);
        if (to is not null)
            Add(to, user);
    }

    /// <summary>The users of an id.</summary>
    public IEnumerable<T> Of(string id) => _users.GetValueOrDefault(id) switch
    {
        null => [],
        T single => [single],
        var several => (HashSet<T>)several,
    };

    private void Add(string id, T user)
    {
        object? present = _users.GetValueOrDefault(id);
        if (present is null)
            _users.Add(id, user);
        else if (present is T single)
            _users[id] = new HashSet<T>(ReferenceEqualityComparer.Instance) { single, user };
        else
            ((HashSet<T>)present).Add(user);
    }

    private void Remove(string id, T user)
    {
        if (_users.GetValueOrDefault(id) is HashSet<T> several)
        {
            several.Remove(user);
            if (several.Count == 0)
                _users.Remove(id);
        }
        else
        {
            _users.Remove(id);
        }
    }
}
