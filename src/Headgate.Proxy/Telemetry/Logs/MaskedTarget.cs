using System.Text;

namespace Headgate.Proxy.Telemetry.Logs;

/// <summary>Writes targets of requests, but not the credentials that clients put into their queries: the values of <c>apikey</c>, <c>jwt</c> and <c>access_token</c> become <c>***</c>.</summary>
internal static class MaskedTarget
{
    /// <summary>Writes path and query.</summary>
    public static void Write(ref LineWriter to, scoped ReadOnlySpan<byte> target, LogEscape escape)
    {
        int query = target.IndexOf((byte)'?');
        to.WriteEscaped(query < 0 ? target : target[..(query + 1)], escape);
        if (query >= 0)
            WriteQuery(ref to, target[(query + 1)..], escape);
    }

    /// <summary>Writes a query, without question mark.</summary>
    public static void WriteQuery(ref LineWriter to, scoped ReadOnlySpan<byte> query, LogEscape escape)
    {
        while (!query.IsEmpty)
        {
            int end = query.IndexOf((byte)'&');
            ReadOnlySpan<byte> pair = end < 0 ? query : query[..end];
            int equals = pair.IndexOf((byte)'=');
            if (equals > 0 && IsCredential(pair[..equals]))
            {
                to.WriteEscaped(pair[..(equals + 1)], escape);
                to.Write("***"u8);
            }
            else
            {
                to.WriteEscaped(pair, escape);
            }

            if (end < 0)
                return;
            to.Write((byte)'&');
            query = query[(end + 1)..];
        }
    }

    private static bool IsCredential(ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(name, "apikey"u8) || Ascii.EqualsIgnoreCase(name, "jwt"u8) || Ascii.EqualsIgnoreCase(name, "access_token"u8);
}
