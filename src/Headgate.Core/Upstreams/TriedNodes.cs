using System.Runtime.CompilerServices;

namespace Headgate.Core.Upstreams;

/// <summary>
/// Which nodes of an upstream a request has tried, by index, as a bit set inside the value: no allocation. Exact for the first <see cref="ExactMax"/> nodes;
/// nodes beyond share bits, so that one of them may be passed over untried (never tried twice in a row).
/// </summary>
public struct TriedNodes
{
    /// <summary>Nodes that each have a bit of their own.</summary>
    public const int ExactMax = 512;

    private Bits _bits;

    // A bit for each node from ExactMax on; null as long as they share those of the others.
    private ulong[]? _beyond;

    /// <summary>Number of nodes added.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// From now on nodes from <see cref="ExactMax"/> on have a bit each too, in <paramref name="beyond"/>: zeros, one word for each 64 of them, the caller's for as long as this set is used. Those
    /// that were added before are forgotten.
    /// </summary>
    public void Extend(ulong[] beyond) => _beyond = beyond;

    /// <summary>Adds a node.</summary>
    public void Add(int index)
    {
        if (index >= ExactMax && _beyond is { } beyond)
            beyond[(index - ExactMax) >> 6] |= 1UL << (index & 63);
        else
            _bits[(index >> 6) & 7] |= 1UL << (index & 63);
        Count++;
    }

    /// <summary>Whether the node was added.</summary>
    public readonly bool Contains(int index) =>
        ((index >= ExactMax && _beyond is { } beyond ? beyond[(index - ExactMax) >> 6] : _bits[(index >> 6) & 7]) & (1UL << (index & 63))) != 0;

    /// <summary>Forgets all.</summary>
    public void Clear() => this = default;

    [InlineArray(8)]
    private struct Bits
    {
        private ulong _element;
    }
}
