namespace Headgate.Proxy.Http1;

/// <summary>method SP request-target SP HTTP-version CR LF (RFC 9112 §3): exactly one space each, no white space around.</summary>
internal static class RequestLine
{
    /// <summary>
    /// Reads the line at the front of <paramref name="bytes"/>, which are cut at the limit, and where its parts lie. True with the line's end in
    /// <paramref name="next"/>, or with a fault; false when more bytes are needed.
    /// </summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, RequestHead head, out int next, out HeadFault? fault)
    {
        next = 0;
        fault = null;
        int method = bytes.IndexOfAnyExcept(ByteSets.Token);
        if (method < 0)
            return false;
        if (method == 0 || bytes[method] != ' ')
            return Refuse(AtMethod(bytes, method), out fault);
        int targetLength = bytes[(method + 1)..].IndexOfAnyExcept(ByteSets.Target);
        if (targetLength < 0)
            return false;
        int targetEnd = method + 1 + targetLength;
        if (targetLength == 0 || bytes[targetEnd] != ' ')
            return TargetEndsWrong(bytes, targetEnd, targetLength, out fault);
        ReadOnlySpan<byte> rest = bytes[(targetEnd + 1)..];
        int end = rest.IndexOfAny(ByteSets.Control);
        if (end < 0 || (rest[end] == '\r' && end + 1 == rest.Length))
            return false;
        if (rest[end] != '\r' || rest[end + 1] != '\n')
            return Refuse(HeadFault.OfControl(rest[end]), out fault);
        head.MethodLength = method;
        head.MethodKind = HttpMethods.Find(bytes[..method]);
        head.TargetStart = method + 1;
        head.TargetLength = targetLength;
        next = targetEnd + 1 + end + 2;
        fault = HttpVersion.Read(rest[..end], head) ?? (head.MethodKind == HttpMethod.Connect ? HeadFault.Connect : null);
        return true;
    }

    private static bool Refuse(HeadFault found, out HeadFault fault)
    {
        fault = found;
        return true;
    }

    private static HeadFault AtMethod(ReadOnlySpan<byte> bytes, int at) => bytes[at] switch
    {
        (byte)' ' or (byte)'\t' when at == 0 => HeadFault.LeadingWhiteSpace,
        (byte)'\t' => HeadFault.Method,
        < 0x20 and var control when control != '\r' => HeadFault.OfControl(control),
        _ => HeadFault.Method,
    };

    private static bool TargetEndsWrong(ReadOnlySpan<byte> bytes, int at, int length, out HeadFault? fault)
    {
        fault = null;
        byte b = bytes[at];
        if (b == '\r')
        {
            if (at + 1 == bytes.Length)
                return false;
            return Refuse(bytes[at + 1] == '\n' ? HeadFault.VersionMissing : HeadFault.BareCr, out fault);
        }

        return Refuse(
            b switch
            {
                (byte)' ' when length == 0 => HeadFault.TargetMissing,
                (byte)'#' => HeadFault.Fragment,
                (byte)'\n' or 0 => HeadFault.OfControl(b),
                _ => HeadFault.TargetByte,
            },
            out fault);
    }
}
