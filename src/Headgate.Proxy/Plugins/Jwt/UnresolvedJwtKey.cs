namespace Headgate.Proxy.Plugins.Jwt;

/// <summary>Stands for a key of which only the reference is known, in a configuration that is checked and not served: it verifies nothing.</summary>
internal sealed class UnresolvedJwtKey(JwtAlgorithm algorithm) : JwtKey(algorithm)
{
    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Material => default;

    /// <inheritdoc/>
    public override bool Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature) => false;
}
