using System.Text;

namespace Headgate.Differential.Wire;

/// <summary>
/// The grammar of RFC 9112 as this tool reads it, written apart from the gateway's codec on purpose: two readers by one hand would share their mistakes.
/// Nothing lenient is taken.
/// </summary>
internal static class Lines
{
    /// <summary>Reads the line at the front; null when its CR LF is not there yet. A bare LF, a bare CR or another control byte but HTAB is a violation.</summary>
    /// <exception cref="ViolationException">The line breaks the grammar.</exception>
    public static string? Next(ReadOnlySpan<byte> bytes, ref int at)
    {
        for (int i = at; i < bytes.Length; i++)
        {
            byte b = bytes[i];
            if (b == '\r')
            {
                if (i + 1 == bytes.Length)
                    return null;
                if (bytes[i + 1] != '\n')
                    throw new ViolationException("a bare CR");
                string line = Encoding.Latin1.GetString(bytes[at..i]);
                at = i + 2;
                return line;
            }

            if (b == '\n')
                throw new ViolationException("a bare LF");
            if (b is < 0x20 and not 9 or 0x7F)
                throw new ViolationException($"control byte {b:x2}");
        }

        return null;
    }

    /// <summary>Reads field lines up to and with the empty line; null when it is not there yet.</summary>
    /// <exception cref="ViolationException">A line is no field line.</exception>
    public static List<(string Name, string Value)>? Fields(ReadOnlySpan<byte> bytes, ref int at)
    {
        List<(string, string)> fields = [];
        while (true)
        {
            if (Next(bytes, ref at) is not { } line)
                return null;
            if (line.Length == 0)
                return fields;
            int colon = line.IndexOf(':');
            if (colon < 1 || !IsToken(line[..colon]))
                throw new ViolationException("a field line without a token as name");
            fields.Add((line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim(' ', '\t')));
        }
    }

    /// <summary>Reads a chunked body with its trailer section; null when its end is not there yet. Extensions are a violation: nobody who sends here has a use for them.</summary>
    /// <exception cref="ViolationException">The coding is broken.</exception>
    public static byte[]? Chunked(ReadOnlySpan<byte> bytes, ref int at)
    {
        List<byte> body = [];
        while (true)
        {
            if (Next(bytes, ref at) is not { } line)
                return null;
            if (line.Length is 0 or > 15 || line.Any(c => !char.IsAsciiHexDigit(c)))
                throw new ViolationException("a chunk size that is no hexadecimal number");
            long size = Convert.ToInt64(line, 16);
            if (size == 0)
                return Fields(bytes, ref at) is null ? null : [.. body];
            if (bytes.Length - at < size + 2)
                return null;
            body.AddRange(bytes.Slice(at, (int)size));
            at += (int)size;
            if (Next(bytes, ref at) != "")
                throw new ViolationException("bytes behind a chunk's data");
        }
    }

    /// <summary>tchar, at least one.</summary>
    public static bool IsToken(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));

    /// <summary>The one value of a field; null when there is none.</summary>
    /// <exception cref="ViolationException">There are several.</exception>
    public static string? Single(List<(string Name, string Value)> fields, string name)
    {
        string[] values = [.. fields.Where(field => field.Name == name).Select(field => field.Value)];
        return values.Length > 1 ? throw new ViolationException($"{name} twice") : values.FirstOrDefault();
    }
}
