namespace Headgate.Proxy.Http1;

/// <summary>How the end of a message body is known (RFC 9112 §6.3).</summary>
public enum BodyFraming : byte
{
    /// <summary>There is no body.</summary>
    None,

    /// <summary>Content-Length.</summary>
    Length,

    /// <summary>Transfer-Encoding: chunked.</summary>
    Chunked,

    /// <summary>The end of the connection (responses only).</summary>
    UntilClose,
}
