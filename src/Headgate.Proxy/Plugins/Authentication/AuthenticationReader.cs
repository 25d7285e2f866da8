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

    /// <summary>A text by which a consumer is found or proves who it is. A reference to a secret is refused: taken for the secret itself, it would let in whoever guesses its name.</summary>
    public static string? Resolved(ObjectReader reader, string name, int min = 0, int max = int.MaxValue)
    {
        string? text = reader.Text(name, min, max);
        if (text is null || !(text.StartsWith("$env://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("$secret://", StringComparison.OrdinalIgnoreCase)))
            return text;
        SchemaRules.Refuse(reader, $"{name}: references to secrets ($env://, $secret://) are not resolved here; write the text itself, it is encrypted at rest");
        return null;
    }

    [GeneratedRegex(@"^[ -!#-\[\]-~]+\z")]
    private static partial Regex RealmText();
}
