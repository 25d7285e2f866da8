using System.Text;
using Headgate.Proxy.Plugins.Jwt;

namespace Headgate.Proxy.Plugins.JwtAuth;

/// <summary>Stands for a key that is kept elsewhere, where a configuration is only checked: what is served is read once more with the key itself. Verifies nothing.</summary>
internal sealed class UnresolvedJwtKey(JwtAlgorithm algorithm, string reference) : JwtKey(algorithm)
{
    private readonly byte[] _reference = Encoding.UTF8.GetBytes(reference);

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Material => _reference;

    /// <inheritdoc/>
    public override bool Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature) => false;
}
