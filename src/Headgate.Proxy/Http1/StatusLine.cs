namespace Headgate.Proxy.Http1;

/// <summary>HTTP-version SP status-code SP [reason-phrase] CR LF (RFC 9112 §4).</summary>
internal static class StatusLine
{
    private const int ReasonAt = 13;

    /// <summary>
    /// Reads the line at the front of <paramref name="bytes"/>. True with the line's end in <paramref name="next"/>, or with a fault; false when more
    /// bytes are needed. The space behind the code may be missing when there is no reason: many servers leave it out, and nothing hangs on it.
    /// </summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, ResponseHead head, out int next, out HeadFault? fault)
    {
        fault = null;
        next = 0;
        int end = bytes.IndexOfAny(ByteSets.Control);
        if (end < 0 || (bytes[end] == '\r' && end + 1 == bytes.Length))
            return false;
        if (bytes[end] != '\r' || bytes[end + 1] != '\n')
        {
            fault = HeadFault.OfControl(bytes[end]);
            return true;
        }

        next = end + 2;
        ReadOnlySpan<byte> line = bytes[..end];
        fault = Read(line, head);
        return true;
    }

    private static HeadFault? Read(ReadOnlySpan<byte> line, ResponseHead head)
    {
        if (line.Length < ReasonAt - 1 || line[8] != ' ' || (line.Length >= ReasonAt && line[ReasonAt - 1] != ' '))
            return HeadFault.StatusLine;
        if (HttpVersion.Read(line[..8], head) is not null)
            return HeadFault.StatusLine;
        ReadOnlySpan<byte> code = line[9..12];
        if (code.ContainsAnyExceptInRange((byte)'0', (byte)'9') || code[0] is < (byte)'1' or > (byte)'5')
            return HeadFault.StatusLine;
        head.Status = ((code[0] - '0') * 100) + ((code[1] - '0') * 10) + code[2] - '0';
        head.ReasonStart = Math.Min(ReasonAt, line.Length);
        head.ReasonLength = line.Length - head.ReasonStart;
        return null;
    }
}
