using System.Collections.Immutable;
using Headgate.Proxy.Plugins.Jwt;

namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>Reads the key of a configuration.</summary>
internal static class PublicKeyReader
{
    /// <summary>The key for the algorithm, or for all that it suits (null); null, and <paramref name="problem"/> says why, when there is none.</summary>
    public static VerificationKeys? Read(string pem, string? algorithm, out string problem)
    {
        problem = "";
        ImmutableArray<(byte[]?, JwtKey)>.Builder keys = ImmutableArray.CreateBuilder<(byte[]?, JwtKey)>();
        foreach (JwtAlgorithm candidate in JwtAlgorithm.All.Where(candidate => algorithm is null ? candidate.Family != JwtFamily.Hmac : candidate.Name == algorithm))
        {
            if (JwtKeyReader.Read(candidate, pem, out string reason) is { } key)
                keys.Add((null, key));
            else if (problem.Length == 0)
                problem = reason;
        }

        return keys.Count > 0 ? new VerificationKeys(keys.ToImmutable()) : null;
    }
}
