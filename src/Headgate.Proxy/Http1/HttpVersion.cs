namespace Headgate.Proxy.Http1;

/// <summary>HTTP-version of a start line (RFC 9112 §2.3).</summary>
internal static class HttpVersion
{
    /// <summary>Sets <see cref="MessageHead.VersionMinor"/>.</summary>
    internal static HeadFault? Read(ReadOnlySpan<byte> version, MessageHead head)
    {
        if (version.SequenceEqual("HTTP/1.1"u8))
        {
            head.VersionMinor = 1;
            return null;
        }

        if (version.SequenceEqual("HTTP/1.0"u8))
        {
            head.VersionMinor = 0;
            return null;
        }

        if (version.IsEmpty)
            return HeadFault.VersionMissing;
        bool wellFormed = version.Length == 8 && version.StartsWith("HTTP/"u8) && char.IsAsciiDigit((char)version[5]) && version[6] == '.'
            && char.IsAsciiDigit((char)version[7]);
        return wellFormed ? HeadFault.VersionUnsupported : HeadFault.VersionSyntax;
    }
}
