namespace Headgate.Core.Snapshot;

/// <summary>
/// Who names what: the users of each id, whether or not there is an object of that id. Most ids have one user, some have ten thousand: one is held as itself,
/// more as a set. Not thread-safe: the compiler's.
/// </summary>
/// <typeparam name="TKey">What is named: an id, a service.</typeparam>
/// <typeparam name="T">The users, compared by reference.</typeparam>
internal sealed class ReferenceIndex<TKey, T>
    where TKey : class
    where T : class
{
    private readonly Dictionary<TKey, object> _users = [];

    /// <summary>Moves a user from one id to another; null = none. Nothing happens when they are equal.</summary>
    public void Move(T user, TKey? from, TKey? to)
    {
        if (EqualityComparer<TKey>.Default.Equals(from, to))
            return;
        if (from is not null)
            Remove(from, user);
        if (to is not null)
            Add(to, user);
    }

    /// <summary>The users of an id.</summary>
    public IEnumerable<T> Of(TKey id) => _users.GetValueOrDefault(id) switch
    {
        null => [],
        T single => [single],
        var several => (HashSet<T>)several,
    };

    private void Add(TKey id, T user)
    {
        object? present = _users.GetValueOrDefault(id);
        if (present is null)
            _users.Add(id, user);
        else if (present is T single)
            _users[id] = new HashSet<T>(ReferenceEqualityComparer.Instance) { single, user };
        else
            ((HashSet<T>)present).Add(user);
    }

    private void Remove(TKey id, T user)
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
