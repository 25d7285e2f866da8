namespace Headgate.Proxy.Http1;

/// <summary>
/// Writes the heads the gateway sends: kept header lines are copied in runs, hop-by-hop ones left out, the gateway's own added.
/// Source: RFC 9110 §7.6, RFC 9112, and APISIX's forwarded headers (docs/reference/forwarding.md).
/// </summary>
public static class HeadWriter
{
    /// <summary>Bytes that are enough for <see cref="WriteRequest"/> of this head.</summary>
    public static int RequestSizeMax(RequestHead head, in RequestForwarding forwarding) => throw new NotSupportedException("written by the codec slice");

    /// <summary>Writes the head for the node; returns its length. <paramref name="destination"/> has at least <see cref="RequestSizeMax"/> bytes.</summary>
    public static int WriteRequest(Span<byte> destination, RequestHead head, in RequestForwarding forwarding) => throw new NotSupportedException("written by the codec slice");

    /// <summary>Bytes that are enough for <see cref="WriteResponse"/> of this head.</summary>
    public static int ResponseSizeMax(ResponseHead head, in ResponseForwarding forwarding) => throw new NotSupportedException("written by the codec slice");

    /// <summary>Writes the head for the client; returns its length.</summary>
    public static int WriteResponse(Span<byte> destination, ResponseHead head, in ResponseForwarding forwarding) => throw new NotSupportedException("written by the codec slice");
}

/// <summary>What the gateway decides about a request head on its way to a node.</summary>
public ref struct RequestForwarding
{
    /// <summary>Value of Host.</summary>
    public ReadOnlySpan<byte> Host;

    /// <summary>The peer's address as text, for X-Real-IP and the end of X-Forwarded-For.</summary>
    public ReadOnlySpan<byte> ClientAddress;

    /// <summary>Value of X-Forwarded-Proto: http or https.</summary>
    public ReadOnlySpan<byte> ForwardedProto;

    /// <summary>Value of X-Forwarded-Host: the host the client named (with its port left out), empty = the field is left out.</summary>
    public ReadOnlySpan<byte> ForwardedHost;

    /// <summary>Value of X-Forwarded-Port: the port of the client's Host, else the listening one.</summary>
    public int ForwardedPort;

    /// <summary>Framing of the body on its way: <see cref="BodyFraming.Chunked"/> writes Transfer-Encoding, <see cref="BodyFraming.Length"/> Content-Length.</summary>
    public BodyFraming Framing;

    /// <summary>Length for <see cref="BodyFraming.Length"/>.</summary>
    public long ContentLength;

    /// <summary>Pass the WebSocket upgrade on: Connection: Upgrade and the Upgrade field are written.</summary>
    public bool Upgrade;

    /// <summary>Pass Expect: 100-continue on.</summary>
    public bool ExpectContinue;
}

/// <summary>What the gateway decides about a response head on its way to a client.</summary>
public ref struct ResponseForwarding
{
    /// <summary>HTTP version of the client's request: 0 or 1.</summary>
    public int VersionMinor;

    /// <summary>Framing on its way; <see cref="BodyFraming.UntilClose"/> only for HTTP/1.0 clients.</summary>
    public BodyFraming Framing;

    /// <summary>Length for <see cref="BodyFraming.Length"/>; also written for a HEAD or 304 answer that announced one (Framing None and ≥ 0). −1 = none.</summary>
    public long ContentLength;

    /// <summary>The connection stays open afterwards; decides Connection: close / keep-alive.</summary>
    public bool KeepAlive;

    /// <summary>Value of Server, replacing the node's.</summary>
    public ReadOnlySpan<byte> Server;

    /// <summary>A 29-byte IMF-fixdate for answers that came without Date.</summary>
    public ReadOnlySpan<byte> Date;

    /// <summary>Value of X-APISIX-Upstream-Status; empty = the field is left out (an incoming one is always left out).</summary>
    public ReadOnlySpan<byte> UpstreamStatus;

    /// <summary>The switch of protocols passes: Connection: Upgrade and the Upgrade field are written.</summary>
    public bool Upgrade;
}
