using System.Globalization;
using System.Text;

namespace Headgate.Differential.Cases;

/// <summary>
/// Bytes as a person writes them: a character a byte, with <c>\r \n \t \0 \\ \xHH</c>, and <c>\{300:ab}</c> for three hundred times <c>ab</c>. Line breaks of
/// the text itself mean nothing: every byte that matters is visible.
/// </summary>
internal static class EscapedText
{
    /// <summary>The bytes of <paramref name="text"/>.</summary>
    /// <exception cref="FormatException">An escape that is none, or a character that is no byte.</exception>
    public static byte[] Parse(string text)
    {
        List<byte> bytes = [];
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '\n' or '\r')
                continue;
            if (c > 0xFF)
                throw new FormatException($"'{c}' is no byte; write it as \\xHH.");
            if (c != '\\')
                bytes.Add((byte)c);
            else
                i = Escape(text, i + 1, bytes);
        }

        return [.. bytes];
    }

    /// <summary>The text of <paramref name="bytes"/>, with a line break behind every LF; runs of more than 40 equal bytes are written as a repetition.</summary>
    public static string Print(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        for (int i = 0; i < bytes.Length;)
        {
            int run = bytes[i..].IndexOfAnyExcept(bytes[i]);
            run = run < 0 ? bytes.Length - i : run;
            string one = One(bytes[i]);
            if (run > 40)
            {
                text.Append(CultureInfo.InvariantCulture, $"\\{{{run}:{one}}}");
                i += run;
                continue;
            }

            text.Append(one);
            if (bytes[i] == '\n')
                text.Append('\n');
            i++;
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string One(byte b) => b switch
    {
        (byte)'\r' => "\\r",
        (byte)'\n' => "\\n",
        (byte)'\t' => "\\t",
        0 => "\\0",
        (byte)'\\' => "\\\\",
        < 0x20 or > 0x7E => $"\\x{b:X2}",
        _ => ((char)b).ToString(),
    };

    /// <summary>Reads what stands behind a backslash; returns the place of its last character.</summary>
    private static int Escape(string text, int at, List<byte> bytes)
    {
        switch (at < text.Length ? text[at] : '\n')
        {
            case 'r':
                bytes.Add((byte)'\r');
                return at;
            case 'n':
                bytes.Add((byte)'\n');
                return at;
            case 't':
                bytes.Add((byte)'\t');
                return at;
            case '0':
                bytes.Add(0);
                return at;
            case '\\':
                bytes.Add((byte)'\\');
                return at;
            case 'x' when at + 2 < text.Length:
                bytes.Add(byte.Parse(text.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                return at + 2;
            case '{':
                int colon = text.IndexOf(':', at);
                int end = text.IndexOf('}', at);
                byte[] piece = Parse(text[(colon + 1)..end]);
                for (int times = int.Parse(text.AsSpan(at + 1, colon - at - 1), CultureInfo.InvariantCulture); times > 0; times--)
                    bytes.AddRange(piece);
                return end;
            default:
                throw new FormatException($"an unknown escape in: {text}");
        }
    }
}
