namespace Headgate.Store.Etcd;

/// <summary>The keys that the etcd store has for itself: its history. Callers neither see nor write them.</summary>
internal static class PrivateKeys
{
    /// <summary>What they begin with.</summary>
    public const string Root = "/headgate/history/";

    private static readonly KeyRange Range = KeyRange.OfPrefix(Root);

    /// <summary>Whether a key is one of them.</summary>
    public static bool Contains(string key) => key.StartsWith(Root, StringComparison.Ordinal);

    /// <summary>The ranges of all keys with a prefix, without the private ones: none, one or two, in order.</summary>
    public static IReadOnlyList<KeyRange> Without(string prefix)
    {
        KeyRange whole = KeyRange.OfPrefix(prefix);
        if (Contains(prefix))
            return [];
        return Root.StartsWith(prefix, StringComparison.Ordinal)
            ? [KeyRange.Between(whole.From, Range.From), KeyRange.Between(Range.To, whole.To)]
            : [whole];
    }

    /// <summary>Throws when a key is one of them.</summary>
    /// <exception cref="ArgumentException">It is.</exception>
    public static void CheckNot(string key)
    {
        if (Contains(key))
            throw new ArgumentException($"The key {key} is one of the store's own: use none below {Root}.", nameof(key));
    }
}
