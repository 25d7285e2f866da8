namespace Headgate.Proxy.Http1;

/// <summary>One way in which a head can be wrong: the status to answer and a constant text that says what is wrong and what is allowed.</summary>
internal sealed record HeadFault(int Status, string Reason)
{
    internal static readonly HeadFault LeadingWhiteSpace = new(400, "The request line begins with white space; it must begin with the method.");
    internal static readonly HeadFault EmptyLines = new(400, "There are more than two empty lines before the request line; at most two are allowed.");
    internal static readonly HeadFault Method = new(400, "The method is not a token followed by one space.");
    internal static readonly HeadFault Connect = new(501, "The method CONNECT is not supported; this gateway opens no tunnels.");
    internal static readonly HeadFault StartLineLong = new(414, "The request line is longer than the limit.");
    internal static readonly HeadFault HeadLong = new(431, "The head is larger than the limit.");
    internal static readonly HeadFault FieldsMany = new(431, "The head has more header fields than the limit.");
    internal static readonly HeadFault BareLf = new(400, "A line of the head ends with a bare LF; lines end with CR LF.");
    internal static readonly HeadFault BareCr = new(400, "There is a CR without LF in the head; lines end with CR LF.");
    internal static readonly HeadFault Nul = new(400, "There is a NUL byte in the head; it is not allowed anywhere.");
    internal static readonly HeadFault Control = new(400, "There is a control byte in the head; only HTAB inside field values is allowed.");
    internal static readonly HeadFault TargetMissing = new(400, "The request target is empty; one space stands between method, target and version.");
    internal static readonly HeadFault VersionMissing = new(400, "The request line has no HTTP version; HTTP/1.0 and HTTP/1.1 are allowed.");
    internal static readonly HeadFault VersionSyntax = new(400, "The HTTP version is malformed; HTTP/1.0 and HTTP/1.1 are allowed.");
    internal static readonly HeadFault VersionUnsupported = new(505, "The HTTP version is not supported here; HTTP/1.0 and HTTP/1.1 are.");
    internal static readonly HeadFault Fragment = new(400, "The request target has a fragment; '#' must be sent as %23.");
    internal static readonly HeadFault TargetByte = new(400, "The request target has a byte outside visible ASCII; such bytes must be percent-encoded.");
    internal static readonly HeadFault TargetForm = new(400, "The request target must begin with '/', http:// or https://, or be '*' for OPTIONS.");
    internal static readonly HeadFault TargetAuthority = new(400, "The authority of the request target must be a host name or address with an optional port.");
    internal static readonly HeadFault Escape = new(400, "The path has an incomplete percent-encoding; '%' is followed by two hexadecimal digits.");
    internal static readonly HeadFault EscapedNul = new(400, "The path has an encoded NUL byte (%00); it is not allowed.");
    internal static readonly HeadFault AboveRoot = new(400, "The path leads above its root with '..'.");
    internal static readonly HeadFault Fold = new(400, "A header line begins with white space; folded header fields are not allowed.");
    internal static readonly HeadFault NameEmpty = new(400, "A header field has an empty name.");
    internal static readonly HeadFault NameSpace = new(400, "There is white space in or behind a field name; the colon must follow the name at once.");
    internal static readonly HeadFault NameByte = new(400, "A header field's name is not a token.");
    internal static readonly HeadFault NoColon = new(400, "A header line has no colon.");
    internal static readonly HeadFault HostMissing = new(400, "The Host field is missing; HTTP/1.1 requires exactly one.");
    internal static readonly HeadFault HostSeveral = new(400, "There is more than one Host field; exactly one is allowed.");
    internal static readonly HeadFault HostSyntax = new(400, "The Host field must be a host name or address with an optional port from 1 to 65535.");
    internal static readonly HeadFault HostDiffers = new(400, "The Host field and the authority of the request target differ.");
    internal static readonly HeadFault LengthSyntax = new(400, "Content-Length must be one decimal number below 2^63.");
    internal static readonly HeadFault LengthSeveral = new(400, "There is more than one Content-Length field; at most one is allowed.");
    internal static readonly HeadFault LengthAndCoding = new(400, "Content-Length and Transfer-Encoding exclude each other.");
    internal static readonly HeadFault CodingSeveral = new(400, "There is more than one Transfer-Encoding; exactly 'chunked' is allowed.");
    internal static readonly HeadFault CodingSyntax = new(400, "Transfer-Encoding must be exactly 'chunked'.");
    internal static readonly HeadFault CodingUnknown = new(501, "The Transfer-Encoding is not supported; exactly 'chunked' is.");
    internal static readonly HeadFault CodingVersion = new(400, "Transfer-Encoding is not allowed in HTTP/1.0.");
    internal static readonly HeadFault ConnectionSyntax = new(400, "The Connection field must be a list of tokens.");
    internal static readonly HeadFault ConnectionMany = new(400, "The Connection field has more than 32 elements.");
    internal static readonly HeadFault Expectation = new(417, "The Expect field must be '100-continue'.");
    internal static readonly HeadFault StatusLine = new(502, "The status line must be 'HTTP/1.1 ' or 'HTTP/1.0 ', three digits from 100 to 599, a space and a reason.");
    internal static readonly HeadFault InterimBody = new(502, "An interim answer (1xx) announces a body; it has none.");

    /// <summary>What a byte of <see cref="ByteSets.Control"/> other than the CR of a CR LF means at its place.</summary>
    internal static HeadFault OfControl(byte b) => b switch
    {
        (byte)'\n' => BareLf,
        (byte)'\r' => BareCr,
        0 => Nul,
        _ => Control,
    };
}
