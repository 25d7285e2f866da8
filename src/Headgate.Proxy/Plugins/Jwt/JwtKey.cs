namespace Headgate.Proxy.Plugins.Jwt;

/// <summary>
/// What verifies signatures of one algorithm: a key has one, and never serves another, so that no token chooses how it is looked at. Equal keys verify equally. Immutable; used by
/// several threads at once.
/// </summary>
internal abstract class JwtKey(JwtAlgorithm algorithm) : IEquatable<JwtKey>
{
    /// <summary>The one algorithm it is for.</summary>
    public JwtAlgorithm Algorithm => algorithm;

    /// <summary>The key in bytes, by which keys are equal.</summary>
    protected abstract ReadOnlySpan<byte> Material { get; }

    /// <summary>Whether <paramref name="signature"/> is this key's of <paramref name="signed"/>. Any bytes may be given.</summary>
    public abstract bool Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature);

    /// <inheritdoc/>
    public bool Equals(JwtKey? other) => other is not null && ReferenceEquals(algorithm, other.Algorithm) && Material.SequenceEqual(other.Material);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as JwtKey);

    /// <inheritdoc/>
    public sealed override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Material);
        return hash.ToHashCode();
    }
}
