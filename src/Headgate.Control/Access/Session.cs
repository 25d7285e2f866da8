using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Headgate.Control.Access;

/// <summary>A session as stored, at <see cref="AccessKeys.Session"/>; it goes when its time is up. The browser has 32 random bytes in a cookie that scripts cannot read.</summary>
internal sealed record Session
{
    /// <summary>Name of the cookie.</summary>
    public const string Cookie = "headgate_session";

    /// <summary>Header in which a page proves with every change that it is the one that logged in.</summary>
    public const string CsrfHeader = "X-CSRF-Token";

    /// <summary>How long it is good.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(12);

    /// <summary>Whose.</summary>
    [JsonPropertyName("username")]
    public required string Username { get; init; }

    /// <summary>Unix milliseconds.</summary>
    [JsonPropertyName("create_time_ms")]
    public required long CreateTimeMs { get; init; }

    /// <summary>A new secret for a cookie.</summary>
    public static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>By what a session is found: not the secret itself.</summary>
    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>What <see cref="CsrfHeader"/> must hold: only who was given it at the login can know it, as it follows from the cookie's secret.</summary>
    public static string CsrfToken(string secret) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "csrf"u8));
}
