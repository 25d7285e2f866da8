namespace Headgate.Proxy.Http2;

/// <summary>Tells the protocol of a clear-text connection by its first bytes (RFC 9113 §3.4).</summary>
internal static class Http2Preface
{
    /// <summary>Enough of the preface to be sure: no HTTP/1 method is called PRI.</summary>
    public static ReadOnlySpan<byte> Start => "PRI * HTTP/2.0\r\n"u8;

    /// <summary>Whether a connection that begins with these bytes speaks HTTP/2; null while it can be either.</summary>
    public static bool? Judge(ReadOnlySpan<byte> first)
    {
        if (first.IsEmpty)
            return null;
        int length = Math.Min(first.Length, Start.Length);
        if (!first[..length].SequenceEqual(Start[..length]))
            return false;
        return length == Start.Length ? true : null;
    }
}
