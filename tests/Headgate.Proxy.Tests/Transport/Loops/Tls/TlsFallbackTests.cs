using System.Net.Security;
using System.Text;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Proxy.Transport.Loops.Tls;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops.Tls;

/// <summary>A system without an OpenSSL that the loops can use.</summary>
public sealed class TlsFallbackTests
{
    [Theory]
    [InlineData("libcrypto.so.0", "libssl.so.3", 0x3000_0000, "libcrypto.so.0 was not found")]
    [InlineData("libcrypto.so.3", "libssl.so.0", 0x3000_0000, "libssl.so.0 was not found")]
    public void Load_MissingLibrary_SaysWhich(string crypto, string ssl, ulong versionMin, string problem) =>
        OpenSslLibrary.Load(crypto, ssl, versionMin).ShouldBe(problem);

    [Fact]
    public void Load_OldLibrary_SaysItsVersion() =>
        OpenSslLibrary.Load("libcrypto.so.3", "libssl.so.3", 0x9000_0000).ShouldNotBeNull().ShouldMatch("^libcrypto.so.3 has version 3[0-9A-F]{7}, at least 90000000 is needed$");

    [Fact]
    public async Task Start_WithoutOpenSsl_KestrelServesAndTheLogSaysSo()
    {
        TlsGateway.SkipOnKestrel();
        using var log = new WrittenLines();
        OpenSslLibrary.PretendForTest("libssl.so.3 was not found");
        try
        {
            await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
            await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port, loggers: log);
            log.Lines.ShouldContain("1222 TLS of HTTP/1.1 clients is left to Kestrel, which costs more: libssl.so.3 was not found");
            await using SslStream client = await TlsClients.OpenAsync(gateway.Port);
            await client.WriteAsync(Encoding.Latin1.GetBytes(TlsGateway.LastGet), TestContext.Current.CancellationToken);
            (await new StreamReader(client).ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldEndWith("\r\n\r\nok");
        }
        finally
        {
            OpenSslLibrary.PretendForTest(null);
        }
    }

    [Fact]
    public async Task Start_WithOpenSsl_NothingIsLogged()
    {
        using var log = new WrittenLines();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(TlsClients.Ecdsa, loggers: log);
        log.Lines.ShouldNotContain(line => line.StartsWith("1222 "));
    }
}
