namespace Headgate.Proxy.Http1;

/// <summary>An answer that the gateway makes itself, for <see cref="GatewayResponses.Write"/>.</summary>
public ref struct GatewayAnswer
{
    /// <summary>200..599.</summary>
    public int Status;

    /// <summary>
    /// What went wrong and what is allowed, such as <see cref="HeadResult.Reason"/>: the body becomes <c>{"error_msg":"..."}</c> with it. Printable ASCII. Null = <see cref="Body"/>.
    /// </summary>
    public string? Reason;

    /// <summary>The body when there is no <see cref="Reason"/>; empty = the standard one of the status, with its content type.</summary>
    public ReadOnlySpan<byte> Body;

    /// <summary>Value of Content-Type for <see cref="Body"/>; empty = no such field.</summary>
    public ReadOnlySpan<byte> ContentType;

    /// <summary>HTTP version of the client's request: 0 or 1; 1 when it could not be read.</summary>
    public int VersionMinor;

    /// <summary>The connection stays open afterwards; decides Connection: close / keep-alive.</summary>
    public bool KeepAlive;

    /// <summary>Value of Server.</summary>
    public ReadOnlySpan<byte> Server;

    /// <summary>A 29-byte IMF-fixdate, from <see cref="HttpDate"/>.</summary>
    public ReadOnlySpan<byte> Date;

    /// <summary>Value of X-APISIX-Upstream-Status; empty = the field is left out.</summary>
    public ReadOnlySpan<byte> UpstreamStatus;

    /// <summary>The request was HEAD: the body is announced and not sent.</summary>
    public bool HeadOnly;
}
