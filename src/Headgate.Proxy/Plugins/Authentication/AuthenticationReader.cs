using System.Text.RegularExpressions;
using Headgate.Core.Config.Reading;

namespace Headgate.Proxy.Plugins.Authentication;

/// <summary>Reads what all plugins that find out who calls can be told.</summary>
internal static partial class AuthenticationReader
{
    private const string RealmPattern = @"^[ -!#-[\]-~]+$";

    /// <summary><c>realm</c>; <paramref name="byDefault"/> when there is none.</summary>
    public static string Realm(ObjectReader reader, string byDefault)
    {
        if (reader.Text("realm", 1, 128) is not { } realm)
            return byDefault;
        if (!RealmText().IsMatch(realm))
            JsonValues.MatchesNot(RealmPattern, realm, reader.At.Property("realm"), reader.Findings);
        return realm;
    }

    /// <summary><c>hide_credentials</c>.</summary>
    public static bool HidesCredentials(ObjectReader reader) => reader.Flag("hide_credentials") ?? false;

    /// <summary><c>anonymous_consumer</c>; null when there is none.</summary>
    public static string? AnonymousConsumer(ObjectReader reader) => reader.Text("anonymous_consumer", 1);

    [GeneratedRegex(@"^[ -!#-\[\]-~]+\z")]
    private static partial Regex RealmText();
}
