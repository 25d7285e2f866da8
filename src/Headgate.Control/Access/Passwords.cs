using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Headgate.Control.Access;

/// <summary>
/// Passwords as they are stored: PBKDF2 with HMAC-SHA-512, 210,000 rounds, 16 bytes of salt (OWASP's advice of 2023), written <c>pbkdf2-sha512$ROUNDS$SALT$HASH</c>. A check takes about a
/// tenth of a second of a core, whatever is wrong: call it on the thread pool, and not without bound.
/// </summary>
internal static class Passwords
{
    /// <summary>Fewest characters; NIST SP 800-63B's 8 and a few.</summary>
    public const int LengthMin = 12;

    /// <summary>Most characters: longer ones cost time and nothing else.</summary>
    public const int LengthMax = 256;

    private const string Scheme = "pbkdf2-sha512";
    private const int Rounds = 210_000;
    private const int RoundsMax = 10_000_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>Checked in the place of a user's that does not exist, so that both take the same time.</summary>
    private static readonly string Nobody = Hash(Generate());

    /// <summary>What is stored of <paramref name="password"/>.</summary>
    public static string Hash(string password)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return string.Create(CultureInfo.InvariantCulture, $"{Scheme}${Rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(Derive(password, salt, Rounds))}");
    }

    /// <summary>Whether <paramref name="stored"/> is of <paramref name="password"/>; null = there is no such user, and the time goes by all the same.</summary>
    public static bool Matches(string password, string? stored)
    {
        string[] parts = (stored ?? Nobody).Split('$');
        if (parts is not [Scheme, var rounds, var salt, var hash] || !int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count is < 1 or > RoundsMax)
            return false;
        try
        {
            return CryptographicOperations.FixedTimeEquals(Derive(password, Convert.FromBase64String(salt), count), Convert.FromBase64String(hash)) && stored is not null;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>A new one of 120 random bits, without characters that look alike.</summary>
    public static string Generate() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 24);

    /// <summary>What is wrong with a password that a person has chosen; null = nothing.</summary>
    public static string? Refuse(string password, string username)
    {
        if (password.Length is < LengthMin or > LengthMax)
            return $"a password has {LengthMin} to {LengthMax} characters";
        if (password.Contains(username, StringComparison.OrdinalIgnoreCase))
            return "a password does not contain the user's name";
        return password.Distinct().Count() < 5 ? "a password has at least 5 different characters" : null;
    }

    private static byte[] Derive(string password, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC)), salt, rounds, HashAlgorithmName.SHA512, HashBytes);
}
