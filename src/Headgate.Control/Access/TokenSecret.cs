using System.Security.Cryptography;
using System.Text;
using Headgate.Control.AdminApi.Objects;

namespace Headgate.Control.Access;

/// <summary>
/// Secrets of tokens, which clients send as <c>LEAD_ID_SECRET</c>: the id finds the record, the secret proves it. Only a hash of the secret is kept, which needs no salt, as the secret has
/// 256 random bits.
/// </summary>
internal static class TokenSecret
{
    private const int SecretBytes = 32;
    private const int IdBytes = 6;

    /// <summary>A new id of 12 hexadecimal digits.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    /// <summary>A new secret and what to keep of it.</summary>
    public static (string Secret, string Hash) New()
    {
        string secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        return (secret, HashOf(secret));
    }

    /// <summary>What a client sends. <paramref name="lead"/>: with its underscore.</summary>
    public static string Join(string lead, string id, string secret) => $"{lead}{id}_{secret}";

    /// <summary>The two parts of what a client sends; false when it is no token of that <paramref name="lead"/>.</summary>
    public static bool TrySplit(string lead, string sent, out string id, out string secret)
    {
        (id, secret) = ("", "");
        if (sent.Split('_') is not [_, var first, var second] || !sent.StartsWith(lead, StringComparison.Ordinal) || !ObjectId.IsLegal(first))
            return false;
        (id, secret) = (first, second);
        return true;
    }

    /// <summary>Whether <paramref name="hash"/> is the secret's; the time taken says nothing of how much of it was right.</summary>
    public static bool Matches(string secret, string hash) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(secret)), Encoding.ASCII.GetBytes(hash));

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
