using System.Runtime.CompilerServices;

namespace Headgate.Core.Routing;

/// <summary>
/// One way down a radix tree along a key: the value of the key itself, then the values of its prefixes, longest first. Allocates nothing.
/// The deepest prefixes met are remembered; for more nested ones than that the tree is walked again, so that any depth is right and the usual one is fast.
/// </summary>
/// <typeparam name="T">What a key holds.</typeparam>
internal ref struct RadixWalk<T>
    where T : class
{
    /// <summary>Nested prefixes remembered by one walk.</summary>
    internal const int Remembered = 8;

    private readonly RadixNode<T> _root;
    private readonly ReadOnlySpan<byte> _key;
    private readonly bool _fromEnd;
    private Prefixes _prefixes;
    private int _left;
    private int _held;

    /// <summary>Walks down from a root.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="key">The key.</param>
    /// <param name="fromEnd">Whether the key is read from its last byte to its first: the tree then holds reversed keys.</param>
    public RadixWalk(RadixNode<T> root, ReadOnlySpan<byte> key, bool fromEnd)
    {
        _root = root;
        _key = key;
        _fromEnd = fromEnd;
        Exact = Descend(int.MaxValue);
    }

    /// <summary>Held by the key itself; null when nothing is.</summary>
    public T? Exact { get; }

    /// <summary>Nodes looked at so far, repeated walks included.</summary>
    public int NodesVisited { get; private set; }

    /// <summary>The value of the next shorter prefix of the key; null when there is none left.</summary>
    public T? NextPrefix()
    {
        if (_left == 0)
            return null;
        if (_held == 0)
            Descend(_left);
        _held--;
        _left--;
        return _prefixes[_left % Remembered];
    }

    /// <summary>Goes down, remembering the last of the prefixes numbered below <paramref name="prefixesMax"/>, counted from the root.</summary>
    private T? Descend(int prefixesMax)
    {
        RadixNode<T> node = _root;
        ReadOnlySpan<byte> rest = _key;
        int met = 0;
        T? exact = null;
        while (true)
        {
            NodesVisited++;
            if (node.Prefix is { } prefix)
            {
                _prefixes[met % Remembered] = prefix;
                if (++met == prefixesMax)
                    break;
            }

            if (rest.IsEmpty)
            {
                exact = node.Exact;
                break;
            }

            RadixNode<T>? child = node.Child(_fromEnd ? rest[^1] : rest[0]);
            if (child is null || !TryStep(ref rest, child.Label))
                break;
            node = child;
        }

        _left = met;
        _held = Math.Min(met, Remembered);
        return exact;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool TryStep(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> label)
    {
        if (!_fromEnd)
        {
            if (!rest.StartsWith(label))
                return false;
            rest = rest[label.Length..];
            return true;
        }

        if (rest.Length < label.Length)
            return false;
        for (int i = 0; i < label.Length; i++)
        {
            if (label[i] != rest[rest.Length - 1 - i])
                return false;
        }

        rest = rest[..^label.Length];
        return true;
    }

    [InlineArray(Remembered)]
    private struct Prefixes
    {
        private T? _first;
    }
}
