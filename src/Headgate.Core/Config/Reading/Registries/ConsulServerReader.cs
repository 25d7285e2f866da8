using System.Text.Json;

namespace Headgate.Core.Config.Reading.Registries;

/// <summary>Reads the address of a server of Consul: scheme, host and port, nothing else.</summary>
internal static class ConsulServerReader
{
    public static bool Read(JsonElement value, Location at, Findings findings, out Uri item)
    {
        item = null!;
        if (JsonValues.Text(value, at, findings) is not { } text)
            return false;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && IsPlain(address))
        {
            item = new Uri(address.GetLeftPart(UriPartial.Authority));
            return true;
        }

        // What has a user in it has a password too.
        string given = text.Contains('@', StringComparison.Ordinal) ? "an address with a user in it" : LuaText.Quote(text);
        findings.Schema(at, $"no address of a Consul server (given {given}; allowed: http://HOST:PORT or https://HOST:PORT)");
        return false;
    }

    private static bool IsPlain(Uri address) =>
        (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address is { Host.Length: > 0, UserInfo: "", AbsolutePath: "/", Query: "", Fragment: "" };
}
