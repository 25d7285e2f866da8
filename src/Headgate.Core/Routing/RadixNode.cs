namespace Headgate.Core.Routing;

/// <summary>
/// Node of an immutable radix tree over bytes. An edit copies the nodes from the root to the changed one and shares all others with the tree
/// it was made from, so that 10,000 routes cost an edit as little as ten. A key can hold two values: one for the key itself, and one for every
/// key that begins with it. Reads are safe on any thread and allocate nothing.
/// </summary>
/// <typeparam name="T">What a key holds.</typeparam>
internal sealed class RadixNode<T>
    where T : class
{
    /// <summary>The tree that holds nothing.</summary>
    public static readonly RadixNode<T> Empty = new([], null, null, [], []);

    private readonly byte[] _label;
    private readonly byte[] _firstBytes;
    private readonly RadixNode<T>[] _children;

    private RadixNode(byte[] label, T? exact, T? prefix, byte[] firstBytes, RadixNode<T>[] children)
    {
        _label = label;
        Exact = exact;
        Prefix = prefix;
        _firstBytes = firstBytes;
        _children = children;
    }

    /// <summary>Bytes between the parent's key and this node's; empty only at the root.</summary>
    public ReadOnlySpan<byte> Label => _label;

    /// <summary>Held by this very key; null when nothing is.</summary>
    public T? Exact { get; }

    /// <summary>Held by this key and all that begin with it; null when nothing is.</summary>
    public T? Prefix { get; }

    /// <summary>Children in no particular order, one per first byte of their labels.</summary>
    public ReadOnlySpan<RadixNode<T>> Children => _children;

    /// <summary>Whether neither this node nor one below holds anything; only a root ever is.</summary>
    public bool IsEmpty => Exact is null && Prefix is null && _children.Length == 0;

    /// <summary>The child whose label begins with a byte; null when there is none.</summary>
    public RadixNode<T>? Child(byte first)
    {
        // A vectorised scan of at most 256 bytes beats a table of 256 references in both time and what an edit copies.
        int index = _firstBytes.AsSpan().IndexOf(first);
        return index < 0 ? null : _children[index];
    }

    /// <summary>What a key holds, as prefix or exactly; null when nothing.</summary>
    public T? Get(ReadOnlySpan<byte> key, bool asPrefix)
    {
        RadixNode<T> node = this;
        while (!key.IsEmpty)
        {
            RadixNode<T>? child = node.Child(key[0]);
            if (child is null || !key.StartsWith(child._label))
                return null;
            key = key[child._label.Length..];
            node = child;
        }

        return asPrefix ? node.Prefix : node.Exact;
    }

    /// <summary>The tree with a key's value changed; null takes it out. Called on a root.</summary>
    public RadixNode<T> With(ReadOnlySpan<byte> key, bool asPrefix, T? value)
    {
        // The way down is kept in a list: nested prefixes can be thousands deep, which recursion on a pool thread's stack may not.
        var way = new List<RadixNode<T>>();
        RadixNode<T> node = this;
        while (!key.IsEmpty && node.Child(key[0]) is { } child && key.StartsWith(child._label))
        {
            way.Add(node);
            key = key[child._label.Length..];
            node = child;
        }

        if (!key.IsEmpty && value is null)
            return this;
        RadixNode<T> changed = key.IsEmpty ? node.WithValue(asPrefix, value) : node.WithBranch(key, asPrefix, value);
        for (int i = way.Count - 1; i >= 0; i--)
        {
            RadixNode<T>? kept = changed.Compacted();
            changed = kept is null ? way[i].WithoutChild(changed._label[0]) : way[i].WithChild(kept);
        }

        return changed.IsEmpty ? Empty : changed;
    }

    private RadixNode<T> WithValue(bool asPrefix, T? value) =>
        new(_label, asPrefix ? Exact : value, asPrefix ? value : Prefix, _firstBytes, _children);

    /// <summary>Adds a key of which no byte, or only a part of a child's label, is in the tree.</summary>
    private RadixNode<T> WithBranch(ReadOnlySpan<byte> key, bool asPrefix, T? value)
    {
        RadixNode<T>? child = Child(key[0]);
        if (child is null)
            return WithChild(Leaf(key, asPrefix, value));

        int shared = key.CommonPrefixLength(child._label);
        var fork = new RadixNode<T>(key[..shared].ToArray(), null, null, [child._label[shared]], [child.WithLabel(child._label[shared..])]);
        return WithChild(shared == key.Length ? fork.WithValue(asPrefix, value) : fork.WithChild(Leaf(key[shared..], asPrefix, value)));
    }

    private static RadixNode<T> Leaf(ReadOnlySpan<byte> label, bool asPrefix, T? value) =>
        new(label.ToArray(), asPrefix ? null : value, asPrefix ? value : null, [], []);

    private RadixNode<T> WithLabel(byte[] label) => new(label, Exact, Prefix, _firstBytes, _children);

    /// <summary>Adds a child, in place of the one with the same first byte if there is one.</summary>
    private RadixNode<T> WithChild(RadixNode<T> child)
    {
        int index = _firstBytes.AsSpan().IndexOf(child._label[0]);
        RadixNode<T>[] children;
        if (index < 0)
        {
            children = [.. _children, child];
            return new(_label, Exact, Prefix, [.. _firstBytes, child._label[0]], children);
        }

        children = [.. _children];
        children[index] = child;
        return new(_label, Exact, Prefix, _firstBytes, children);
    }

    private RadixNode<T> WithoutChild(byte first)
    {
        int index = _firstBytes.AsSpan().IndexOf(first);
        return new(
            _label,
            Exact,
            Prefix,
            [.. _firstBytes.AsSpan(0, index), .. _firstBytes.AsSpan(index + 1)],
            [.. _children.AsSpan(0, index), .. _children.AsSpan(index + 1)]);
    }

    /// <summary>Null when nothing is held here or below; joined with its child when it is only a step on the way to one.</summary>
    private RadixNode<T>? Compacted()
    {
        if (Exact is not null || Prefix is not null || _children.Length > 1)
            return this;
        return _children.Length == 0 ? null : _children[0].WithLabel([.. _label, .. _children[0]._label]);
    }
}
