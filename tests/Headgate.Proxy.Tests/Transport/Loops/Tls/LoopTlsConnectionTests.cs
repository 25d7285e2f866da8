using System.Net.Security;
using System.Text;
using Headgate.Proxy.Tests.Pipeline;

namespace Headgate.Proxy.Tests.Transport.Loops.Tls;

/// <summary>HTTP/1.1 clients behind TLS through a whole gateway.</summary>
public class LoopTlsConnectionTests
{
    [Theory]
    [InlineData("http/1.1")]
    [InlineData("")]
    public async Task Request_OverTls_IsAnsweredAndTheEndIsInOrder(string offered)
    {
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync(certificate: TlsClients.Certificates.Issue("gateway.test"));
        await using SslStream client = await TlsClients.OpenAsync(
            gateway.Port, TlsClients.Options(System.Security.Authentication.SslProtocols.None, offered.Split(',', StringSplitOptions.RemoveEmptyEntries)));
        await client.WriteAsync("GET /a HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"u8.ToArray());
        using var answer = new MemoryStream();
        await client.CopyToAsync(answer);
        Encoding.Latin1.GetString(answer.ToArray()).ShouldStartWith("HTTP/1.1 404");
    }
}
