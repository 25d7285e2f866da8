using System.Globalization;

namespace Headgate.Differential.Wire;

/// <summary>An answer as the gateway must write it to a client: read without leniency, with nothing left to guess.</summary>
/// <param name="Status">Final status.</param>
/// <param name="IsLast">It says that the connection ends with it.</param>
/// <param name="Length">Bytes it took, interim answers before it included.</param>
internal readonly record struct StrictAnswer(int Status, bool IsLast, int Length)
{
    /// <summary>Reads the answer at the front; null when it is not whole yet.</summary>
    /// <exception cref="ViolationException">A gateway must not send this.</exception>
    public static StrictAnswer? Read(ReadOnlySpan<byte> bytes, bool toHead)
    {
        int at = 0;
        while (true)
        {
            if (Lines.Next(bytes, ref at) is not { } line)
                return null;
            bool sound = line.Length >= 13 && line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && line[12] == ' ' && line[9..12].All(char.IsAsciiDigit);
            if (!sound)
                throw new ViolationException("a malformed status line");
            int status = int.Parse(line.AsSpan(9, 3), CultureInfo.InvariantCulture);
            if (Lines.Fields(bytes, ref at) is not { } fields)
                return null;
            string? length = Lines.Single(fields, "content-length");
            string? coding = Lines.Single(fields, "transfer-encoding");
            if (status < 200)
            {
                if (length is not null || coding is not null)
                    throw new ViolationException("an interim answer with a framing");
                continue;
            }

            bool isLast = Lines.Single(fields, "connection") == "close";
            return SkipBody(bytes, ref at, length, coding, hasNone: toHead || status is 204 or 304) ? new StrictAnswer(status, isLast, at) : null;
        }
    }

    /// <summary>False when the body is not whole yet.</summary>
    private static bool SkipBody(ReadOnlySpan<byte> bytes, ref int at, string? length, string? coding, bool hasNone)
    {
        if (coding is not null && (coding != "chunked" || length is not null))
            throw new ViolationException("two framings, or an unknown one");
        if (coding is null && length is null && !hasNone)
            throw new ViolationException("a body of unknown length on a kept connection");
        if (hasNone)
            return true;
        if (coding is not null)
            return Lines.Chunked(bytes, ref at) is not null;
        if (!long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out long count))
            throw new ViolationException("a Content-Length that is no number");
        if (bytes.Length - at < count)
            return false;
        at += (int)count;
        return true;
    }
}
