namespace Headgate.Proxy.Http1;

/// <summary>What the gateway decides about a response head on its way to a client.</summary>
public ref struct ResponseForwarding
{
    /// <summary>The status, when it is another than the head's; 0 = the head's.</summary>
    public int Status;

    /// <summary>HTTP version of the client's request: 0 or 1.</summary>
    public int VersionMinor;

    /// <summary>Framing on its way; <see cref="BodyFraming.UntilClose"/> only for HTTP/1.0 clients.</summary>
    public BodyFraming Framing;

    /// <summary>Length for <see cref="BodyFraming.Length"/>; also written for a HEAD or 304 answer that announced one (Framing None and ≥ 0). −1 = none.</summary>
    public long ContentLength;

    /// <summary>The connection stays open afterwards; decides Connection: close / keep-alive.</summary>
    public bool KeepAlive;

    /// <summary>Value of Server, replacing the node's; empty = the field is left out.</summary>
    public ReadOnlySpan<byte> Server;

    /// <summary>A 29-byte IMF-fixdate for answers that came without Date.</summary>
    public ReadOnlySpan<byte> Date;

    /// <summary>Value of X-APISIX-Upstream-Status; empty = the field is left out (an incoming one is always left out).</summary>
    public ReadOnlySpan<byte> UpstreamStatus;

    /// <summary>Value of a Set-Cookie of the gateway's, beside the node's; empty = the field is left out.</summary>
    public ReadOnlySpan<byte> SetCookie;

    /// <summary>Further lines, each with its CRLF; checked by who made them.</summary>
    public ReadOnlySpan<byte> Lines;

    /// <summary>Value of X-Headgate-Explain; empty, as nearly always = the field is left out (an incoming one is always left out).</summary>
    public ReadOnlySpan<byte> Explanation;

    /// <summary>The switch of protocols passes: Connection: Upgrade and the Upgrade field are written.</summary>
    public bool Upgrade;
}
