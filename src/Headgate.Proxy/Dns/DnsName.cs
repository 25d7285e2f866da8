using System.Globalization;

namespace Headgate.Proxy.Dns;

/// <summary>
/// Names as text: lower case, without the dot at the end; the root is empty. A byte of a label that is no printable ASCII, or a dot or backslash within a label, is
/// written <c>\DDD</c> (RFC 1035 §5.1), so that no two names have one text.
/// </summary>
internal static class DnsName
{
    /// <summary>Longest name, as bytes of a message (RFC 1035 §2.3.4).</summary>
    public const int WireBytesMax = 255;

    /// <summary>Longest label.</summary>
    public const int LabelBytesMax = 63;

    /// <summary>Longest text: every byte may be four characters.</summary>
    public const int TextMax = WireBytesMax * 4;

    private static readonly IdnMapping Idn = new();

    /// <summary>The name that somebody wrote in a configuration, in any case, with or without a dot at its end; other scripts become punycode.</summary>
    /// <exception cref="DnsException">It is none.</exception>
    public static string Normalize(string written)
    {
        string name = written.EndsWith('.') ? written[..^1] : written;
        if (!IsAscii(name))
        {
            try
            {
                name = Idn.GetAscii(name);
            }
            catch (ArgumentException e)
            {
                throw new DnsException($"\"{written}\" is no host name: {e.Message}", e);
            }
        }

        name = name.ToLowerInvariant();
        foreach (string label in name.Split('.'))
        {
            if (label.Length is 0 or > LabelBytesMax)
                throw new DnsException($"\"{written}\" is no host name: a part between dots has {label.Length} characters; 1 to {LabelBytesMax} are allowed");
            if (label.AsSpan().ContainsAnyExceptInRange('!', '~') || label.Contains('\\'))
                throw new DnsException($"\"{written}\" is no host name: it holds a character that no name may have");
        }

        return name.Length + 2 <= WireBytesMax
            ? name
            : throw new DnsException($"\"{written[..32]}...\" is no host name: it has {name.Length} characters; at most {WireBytesMax - 2} are allowed");
    }

    /// <summary>
    /// Writes a name that <see cref="Normalize"/> or <see cref="DnsReader.ReadName"/> made, uncompressed.
    /// </summary>
    /// <returns>Bytes written, at most <see cref="WireBytesMax"/>.</returns>
    public static int Write(Span<byte> target, string name)
    {
        int labelAt = 0;
        int end = 1;
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == '.')
            {
                target[labelAt] = (byte)(end - labelAt - 1);
                labelAt = end++;
            }
            else if (name[i] == '\\')
            {
                target[end++] = byte.Parse(name.AsSpan(i + 1, 3), NumberStyles.None, CultureInfo.InvariantCulture);
                i += 3;
            }
            else
            {
                target[end++] = (byte)name[i];
            }
        }

        if (name.Length == 0)
        {
            target[0] = 0;
            return 1;
        }

        target[labelAt] = (byte)(end - labelAt - 1);
        target[end] = 0;
        return end + 1;
    }

    private static bool IsAscii(string name) => !name.AsSpan().ContainsAnyExceptInRange('\0', '\x7f');
}
