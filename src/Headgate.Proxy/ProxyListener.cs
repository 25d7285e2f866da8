using System.Net;

namespace Headgate.Proxy;

/// <summary>An address that takes clients.</summary>
/// <param name="Address">Where to listen; port 0 = any free one.</param>
/// <param name="Https">TLS with the gateway's certificate, else clear text.</param>
/// <param name="Http2">Whether HTTP/2 is spoken beside HTTP/1.1.</param>
public sealed record ProxyListener(IPEndPoint Address, bool Https, bool Http2 = true);
