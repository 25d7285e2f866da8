using Headgate.Core.Config;
using Headgate.Proxy.Tests.Pipeline;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Tests.Transport.Loops.Tls;

/// <summary>Starts whole gateways that speak TLS to clients, every path of which leads to one node.</summary>
internal static class TlsGateway
{
    public const string Get = "GET /a HTTP/1.1\r\nHost: gateway.test\r\n\r\n";

    public const string LastGet = "GET /a HTTP/1.1\r\nHost: gateway.test\r\nConnection: close\r\n\r\n";

    public static async Task<GatewayUnderTest> StartAsync(int nodePort, ProxyLimits? limits = null, bool http2 = true, ILoggerFactory? loggers = null)
    {
        GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(TlsClients.Ecdsa, limits, http2, loggers);
        gateway.PutUpstream("u", [nodePort]);
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        return gateway;
    }

    /// <summary>For what Kestrel does otherwise: it takes .NET's ciphers and tickets, sends no close_notify, and gives a handshake ten seconds of its own, also when it stops.</summary>
    public static void SkipOnKestrel() => Assert.SkipUnless(GatewayUnderTest.Transport == TransportKind.Loops, "it is about the event loops");
}
