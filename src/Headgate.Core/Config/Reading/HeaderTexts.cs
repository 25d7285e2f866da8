using System.Buffers;

namespace Headgate.Core.Config.Reading;

/// <summary>What a header field is made of (RFC 9110 §5).</summary>
public static class HeaderTexts
{
    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Fields of a request that bound the message or the connection, or that the gateway writes itself; lower-case.</summary>
    private static readonly HashSet<string> Gateways = new(StringComparer.OrdinalIgnoreCase)
    {
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te", "trailer",
        "upgrade", "expect", "x-real-ip", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port",
    };

    /// <summary>Whether it can be a field's name (RFC 9110 §5.6.2).</summary>
    public static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenChars);

    /// <summary>Whether it can be a field's value: no control character but the tab, no white space around it.</summary>
    public static bool IsValue(string text)
    {
        foreach (char c in text)
        {
            if (char.IsControl(c) && c != '\t')
                return false;
        }

        return text.AsSpan().Trim(" \t").Length == text.Length;
    }

    /// <summary>
    /// Whether the field is the gateway's alone. A name that only '_' in place of '-' keeps apart counts too: nodes that turn names into variables (CGI, WSGI,
    /// PHP) read both as one.
    /// </summary>
    public static bool IsGateways(string name) => Gateways.Contains(name.Replace('_', '-'));
}
