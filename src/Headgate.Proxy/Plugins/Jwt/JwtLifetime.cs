using System.Text.Json;

namespace Headgate.Proxy.Plugins.Jwt;

/// <summary>When a token is in force (RFC 7519 §4.1.4, §4.1.5): before <c>exp</c>, and from <c>nbf</c> on.</summary>
/// <param name="Expires">How <c>exp</c> is taken.</param>
/// <param name="NotBefore">How <c>nbf</c> is taken.</param>
internal readonly record struct JwtLifetime(JwtTimeRule Expires, JwtTimeRule NotBefore)
{
    /// <summary>Whether it is in force now. <paramref name="leewaySeconds"/>: by how much clocks may differ. A time that is no number is never.</summary>
    public bool Includes(DateTimeOffset now, JwtObject claims, int leewaySeconds)
    {
        double seconds = (now - DateTimeOffset.UnixEpoch).TotalSeconds;
        return TryRead(claims, "exp"u8, Expires, double.PositiveInfinity, out double expires) && seconds - leewaySeconds < expires
            && TryRead(claims, "nbf"u8, NotBefore, double.NegativeInfinity, out double notBefore) && seconds + leewaySeconds >= notBefore;
    }

    private static bool TryRead(JwtObject claims, ReadOnlySpan<byte> name, JwtTimeRule rule, double byDefault, out double value)
    {
        value = byDefault;
        if (rule == JwtTimeRule.Ignored)
            return true;
        return claims.TypeOf(name) == JsonTokenType.None ? rule == JwtTimeRule.IfPresent : claims.TryGetNumber(name, out value);
    }
}
