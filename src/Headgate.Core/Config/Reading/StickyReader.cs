using System.Buffers;
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads an upstream's <c>sticky</c>.</summary>
internal static partial class StickyReader
{
    private static readonly ImmutableArray<string> SameSites = ["strict", "lax", "none"];

    // RFC 6265 §4.1.1 path-value: visible ASCII and space, no semicolon.
    private static readonly SearchValues<char> PathChars =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Where(c => c != ';')]);

    /// <summary>Null when there is none.</summary>
    public static StickyConfig? Read(ObjectReader upstream)
    {
        if (upstream.Object("sticky") is not { } reader)
            return null;

        StickyCookieConfig? cookie = reader.Object("cookie") is { } c ? ReadCookie(c) : null;
        reader.Require("cookie");
        bool keeps = reader.Flag("keep_while_draining") ?? false;
        reader.ForbidOthers();
        return cookie is null ? null : new StickyConfig(cookie, keeps);
    }

    private static StickyCookieConfig ReadCookie(ObjectReader reader)
    {
        var cookie = new StickyCookieConfig();
        cookie = cookie with
        {
            Name = reader.Text("name", 1, 64),
            Path = reader.Text("path", 1, 1024) ?? cookie.Path,
            Domain = reader.Text("domain", 1, 255),
            HttpOnly = reader.Flag("http_only") ?? cookie.HttpOnly,
            Secure = reader.Flag("secure") ?? cookie.Secure,
            SameSite = reader.Choice("same_site", SameSites),
            MaxAge = reader.Integer("max_age", 1) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        reader.ForbidOthers();
        CheckTexts(reader, cookie);
        CheckAgainstBrowsers(reader, cookie);
        return cookie;
    }

    private static void CheckTexts(ObjectReader reader, StickyCookieConfig cookie)
    {
        if (cookie.Name is { } name && !HeaderTexts.IsToken(name))
            Refuse(reader, "name", $"{LuaText.Quote(name)} is no cookie name; allowed: letters, digits and !#$%&'*+-.^_`|~");
        if (cookie.Path[0] != '/' || cookie.Path.AsSpan().ContainsAnyExcept(PathChars))
            Refuse(reader, "path", $"{LuaText.Quote(cookie.Path)} is no path of a cookie; it begins with / and has no semicolon, control or non-ASCII character");
        if (cookie.Domain is { } domain && !DomainName().IsMatch(domain))
            Refuse(reader, "domain", $"{LuaText.Quote(domain)} is no domain; allowed: a host name, such as shop.example");
    }

    /// <summary>Combinations that user agents refuse (RFC 6265bis): the cookie would never come back.</summary>
    private static void CheckAgainstBrowsers(ObjectReader reader, StickyCookieConfig cookie)
    {
        if (cookie is { SameSite: "none", Secure: false })
            Refuse(reader, "same_site", "none needs secure: true; browsers drop the cookie otherwise");
        if (cookie.Name is not { } name)
            return;
        bool host = name.StartsWith("__Host-", StringComparison.OrdinalIgnoreCase);
        if ((host || name.StartsWith("__Secure-", StringComparison.OrdinalIgnoreCase)) && !cookie.Secure)
            Refuse(reader, "name", $"{LuaText.Quote(name)} needs secure: true; browsers drop the cookie otherwise");
        if (host && (cookie.Path != "/" || cookie.Domain is not null))
            Refuse(reader, "name", $"{LuaText.Quote(name)} needs path / and no domain; browsers drop the cookie otherwise");
    }

    private static void Refuse(ObjectReader reader, string member, string problem)
    {
        Location at = reader.At.Property(member);
        reader.Findings.Add(Phase.Own, at, $"{at.Path}: {problem}");
    }

    [GeneratedRegex(@"^\.?[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*\z")]
    private static partial Regex DomainName();
}
