using System.Net;

namespace Headgate.Proxy;

/// <summary>An address that takes clients.</summary>
/// <param name="Address">Where to listen; port 0 = any free one.</param>
/// <param name="Https">TLS with the gateway's certificate, else clear text.</param>
public sealed record ProxyListener(IPEndPoint Address, bool Https);
