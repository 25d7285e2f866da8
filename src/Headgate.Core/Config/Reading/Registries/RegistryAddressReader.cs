using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Headgate.Core.Config.Registries;

namespace Headgate.Core.Config.Reading.Registries;

/// <summary>
/// Reads addresses of servers as APISIX writes them, <c>http://USER:PASSWORD@HOST:PORT</c>: the last @ ends the password, which may hold any character and stands for itself (no %XX).
/// What is wrong is said without the text, because of the password.
/// </summary>
internal static class RegistryAddressReader
{
    private const int LengthMax = 1024;

    /// <summary>An address of scheme, host and port alone.</summary>
    public static bool Bare(JsonElement value, Location at, Findings findings, out Uri item)
    {
        item = null!;
        if (JsonValues.Text(value, at, findings, 2, LengthMax) is not { } text)
            return false;
        if (TryParse(text, mayHavePath: false, out RegistryAddress? address) && address.User is null)
        {
            item = new Uri(address.Url);
            return true;
        }

        // What has a user in it has a password too.
        string given = text.Contains('@', StringComparison.Ordinal) ? "an address with a user in it" : LuaText.Quote(text);
        findings.Schema(at, $"it is no address of a server (given {given}; allowed: http://HOST:PORT, also https)");
        return false;
    }

    /// <summary>An address that may have a path, which loses its slash at the end.</summary>
    public static bool WithPath(JsonElement value, Location at, Findings findings, out RegistryAddress item) => Read(value, at, findings, true, out item);

    /// <summary>An address without one.</summary>
    public static bool WithoutPath(JsonElement value, Location at, Findings findings, out RegistryAddress item) => Read(value, at, findings, false, out item);

    private static bool Read(JsonElement value, Location at, Findings findings, bool mayHavePath, out RegistryAddress item)
    {
        item = new RegistryAddress("");
        if (JsonValues.Text(value, at, findings, 2, LengthMax) is not { } text)
            return false;
        if (!TryParse(text, mayHavePath, out RegistryAddress? address))
        {
            findings.Schema(at, $"it is no address of a server (allowed: http://HOST:PORT{(mayHavePath ? "/PATH" : "")}, also https, also with USER:PASSWORD@ before the host)");
            return false;
        }

        item = address;
        return true;
    }

    private static bool TryParse(string text, bool mayHavePath, [NotNullWhen(true)] out RegistryAddress? address)
    {
        address = null;
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || text[..scheme].ToLowerInvariant() is not ("http" or "https"))
            return false;
        string rest = text[(scheme + 3)..];
        int end = rest.LastIndexOf('@');
        string bare = text[..(scheme + 3)] + rest[(end + 1)..].TrimEnd('/');
        if (!Uri.TryCreate(bare, UriKind.Absolute, out Uri? url) || url.Host.Length == 0 || url.Query.Length > 0 || url.Fragment.Length > 0 || bare.Contains('\\'))
            return false;
        if (!mayHavePath && url.AbsolutePath != "/")
            return false;
        address = new RegistryAddress(bare);
        if (end < 0)
            return true;
        int colon = rest.AsSpan(0, end).IndexOf(':');
        if (colon <= 0)
            return false;
        address = address with { User = rest[..colon], Password = rest[(colon + 1)..end] };
        return true;
    }
}
