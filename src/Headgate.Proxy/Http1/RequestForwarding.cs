using Headgate.Core.Upstreams;
using Headgate.Proxy.Plugins;

namespace Headgate.Proxy.Http1;

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

    /// <summary>What the upstream changes of the fields that would be kept; null = nothing.</summary>
    public HeaderEdits? Edits;

    /// <summary>What plugins change; null = nothing.</summary>
    public RequestEdits? PluginEdits;

    /// <summary>Pass the WebSocket upgrade on: Connection: Upgrade and the Upgrade field are written.</summary>
    public bool Upgrade;
}
