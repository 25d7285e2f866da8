using System.Collections;

namespace Headgate.Core.Config;

/// <summary>A set of HTTP statuses; looked up per try without a search. Immutable; equal to another with the same statuses.</summary>
public sealed class StatusSet : IEquatable<StatusSet>, IEnumerable<int>
{
    /// <summary>Statuses above this cannot be members.</summary>
    public const int StatusMax = 639;

    private readonly ulong[] _bits = new ulong[(StatusMax + 1) / 64];

    /// <summary>Makes the set of <paramref name="statuses"/>, 0 to <see cref="StatusMax"/> each.</summary>
    /// <exception cref="IndexOutOfRangeException">A status is out of range.</exception>
    public StatusSet(params ReadOnlySpan<int> statuses)
    {
        foreach (int status in statuses)
            _bits[status >> 6] |= 1UL << (status & 63);
    }

    /// <summary>Whether <paramref name="status"/> is a member; false for any number out of range. Never allocates.</summary>
    public bool Contains(int status) => (uint)status <= StatusMax && (_bits[status >> 6] & (1UL << (status & 63))) != 0;

    /// <inheritdoc/>
    public bool Equals(StatusSet? other) => other is not null && _bits.AsSpan().SequenceEqual(other._bits);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StatusSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (ulong word in _bits)
            hash.Add(word);
        return hash.ToHashCode();
    }

    /// <summary>The members, ascending.</summary>
    public IEnumerator<int> GetEnumerator() => Enumerable.Range(0, StatusMax + 1).Where(Contains).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
