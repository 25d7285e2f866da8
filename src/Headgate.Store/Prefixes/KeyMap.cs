namespace Headgate.Store.Prefixes;

/// <summary>
/// Between the keys that a <see cref="PrefixedStore"/> shows and those of the store below it: what is shown below <see cref="Outer"/> lies below <see cref="Inner"/>. Other keys are the
/// same on both sides, except those that would be taken for mapped ones: what really lies below <see cref="Outer"/> belongs to someone else and is not shown. Immutable.
/// </summary>
internal sealed class KeyMap
{
    /// <summary>Makes a map between two roots: each empty (all keys that begin with a slash are below it), or beginning with a slash and not ending in one.</summary>
    /// <exception cref="ArgumentException">One is neither.</exception>
    public KeyMap(string outer, string inner)
    {
        CheckRoot(outer, nameof(outer));
        CheckRoot(inner, nameof(inner));
        (Outer, Inner) = (outer, inner);
    }

    /// <summary>Root of the mapped keys as they are shown.</summary>
    public string Outer { get; }

    /// <summary>Root of the mapped keys in the store below.</summary>
    public string Inner { get; }

    /// <summary>The key in the store below.</summary>
    /// <exception cref="ArgumentException">It is one that is shown under another name.</exception>
    public string ToInner(string key)
    {
        if (IsBelow(key, Outer))
            return Inner + key[Outer.Length..];
        return IsBelow(key, Inner) ? throw new ArgumentException($"The key {key} lies below {Inner}, which is written as {Outer} here.", nameof(key)) : key;
    }

    /// <summary>The key as it is shown; null when it is not.</summary>
    public string? ToOuter(string key)
    {
        if (IsBelow(key, Inner))
            return Outer + key[Inner.Length..];
        return IsBelow(key, Outer) ? null : key;
    }

    /// <summary>
    /// What has to be read in the store below to see all that is shown below <paramref name="prefix"/>. Not exact: more may lie there than belongs to it, in another order, and
    /// has to be looked through with <see cref="ToOuter"/>.
    /// </summary>
    public (string Prefix, bool IsExact) ToInnerPrefix(string prefix)
    {
        if (prefix.Length > Outer.Length && IsBelow(prefix, Outer))
            return (Inner + prefix[Outer.Length..], IsExact: true);
        if (Outer.StartsWith(prefix, StringComparison.Ordinal))
            return (prefix[..CommonLength(prefix, Inner)], IsExact: false);
        bool hidden = Inner.StartsWith(prefix, StringComparison.Ordinal) || IsBelow(prefix, Inner);
        return (prefix, IsExact: !hidden);
    }

    private static bool IsBelow(string key, string root) =>
        key.StartsWith(root, StringComparison.Ordinal) && (key.Length == root.Length ? key.Length > 0 : key[root.Length] == '/');

    private static int CommonLength(string left, string right)
    {
        int length = 0;
        while (length < left.Length && length < right.Length && left[length] == right[length])
            length++;
        return length;
    }

    private static void CheckRoot(string root, string name)
    {
        ArgumentNullException.ThrowIfNull(root, name);
        CommitLimits.CheckPrefix(root);
        if (root.Length > 0 && (root[0] != '/' || root[^1] == '/'))
            throw new ArgumentException($"{root} cannot be a prefix; use one that begins with / and does not end in it, such as /apisix.", name);
    }
}
