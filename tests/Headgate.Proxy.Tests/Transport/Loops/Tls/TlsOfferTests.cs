using System.Net.Security;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops.Tls;

/// <summary>What a client is given of what it offers: versions, ciphers, names, protocols. OpenSSL's own client on the other side.</summary>
public sealed class TlsOfferTests
{
    [Theory]
    [InlineData("-tls1")]
    [InlineData("-tls1_1")]
    public async Task Handshake_OldVersion_IsRefused(string version)
    {
        string output = await AskAsync(version, "-cipher", "ALL:@SECLEVEL=0");
        output.ShouldContain("alert protocol version");
        output.ShouldNotContain("HTTP/1.1 ");
    }

    [Theory]
    [InlineData("ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData("ECDHE-ECDSA-CHACHA20-POLY1305")]
    public async Task Handshake_Tls12_SafeCipher_IsServed(string cipher)
    {
        string output = await AskAsync("-tls1_2", "-cipher", cipher);
        output.ShouldContain($"New, TLSv1.2, Cipher is {cipher}");
        output.ShouldContain("HTTP/1.1 200 ");
        output.ShouldEndWith("closed\n", Case.Sensitive, "the end was in order");
    }

    [Theory]
    [InlineData("ECDHE-ECDSA-AES128-SHA")]
    [InlineData("ECDHE-ECDSA-AES128-SHA256")]
    [InlineData("ECDHE-ECDSA-AES128-CCM")]
    [InlineData("ECDHE-ECDSA-CAMELLIA128-SHA256")]
    [InlineData("ECDHE-ECDSA-NULL-SHA")]
    [InlineData("aNULL")]
    public async Task Handshake_Tls12_OtherCipher_IsRefused(string cipher)
    {
        string output = await AskAsync("-tls1_2", "-cipher", cipher + ":@SECLEVEL=0");
        output.ShouldContain("alert handshake failure");
        output.ShouldNotContain("HTTP/1.1 ");
    }

    [Theory]
    [InlineData("TLS_AES_128_GCM_SHA256")]
    [InlineData("TLS_AES_256_GCM_SHA384")]
    [InlineData("TLS_CHACHA20_POLY1305_SHA256")]
    public async Task Handshake_Tls13_IsServed(string cipher)
    {
        string output = await AskAsync("-tls1_3", "-ciphersuites", cipher);
        output.ShouldContain($"New, TLSv1.3, Cipher is {cipher}");
        output.ShouldContain("HTTP/1.1 200 ");
        output.ShouldEndWith("closed\n", Case.Sensitive, "the end was in order");
    }

    [Theory]
    [InlineData("gateway.test")]
    [InlineData("other.test")]
    [InlineData("")]
    public async Task Handshake_AnyServerName_IsServedWithTheCertificate(string name)
    {
        string output = await AskAsync(name.Length == 0 ? ["-noservername"] : ["-servername", name]);
        output.ShouldContain("subject=CN = gateway.test");
        output.ShouldContain("HTTP/1.1 200 ");
    }

    [Fact]
    public async Task Handshake_ChainOfTwo_IsSentWhole()
    {
        using var below = new TestCertificates(TlsClients.Certificates);
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(
            new ServerCertificate(below.Issue("gateway.test"), [below.Authority]));
        string output = await OpenSslClient.AskAsync(gateway.Port, "-showcerts");
        output.Split("-----BEGIN CERTIFICATE-----").Length.ShouldBe(3, "the leaf and who signed it");
    }

    // Longer than what fits into one segment, and up to what fits into one record: whoever offers h2 gets it, and the others are the loop's.
    [Theory]
    [InlineData(5, false, 0)]
    [InlineData(5, true, 0)]
    [InlineData(62, false, 0)]
    [InlineData(62, true, 0)]
    [InlineData(62, false, 1000)]
    [InlineData(62, true, 1000)]
    [InlineData(62, true, 1)]
    public async Task Handshake_LongClientHello_IsJudgedByAllOfIt(int otherProtocols, bool http2, int pieceBytes)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port);
        string[] others = [.. Enumerable.Range(0, otherProtocols).Select(i => new string((char)('a' + (i % 26)), 250 - (i / 26)))];
        using var tap = new WireTap(TlsClients.Connect(gateway.Port)) { PieceBytes = pieceBytes };
        string expected = http2 ? "h2" : "http/1.1";
        await using SslStream client = await TlsClients.ShakeHandsAsync(tap, TlsClients.Options(default, [.. others, expected]));
        tap.Written.Length.ShouldBeGreaterThan(otherProtocols * 245);
        client.NegotiatedApplicationProtocol.ToString().ShouldBe(expected);
    }

    private static async Task<string> AskAsync(params string[] options)
    {
        TlsGateway.SkipOnKestrel();
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port);
        return await OpenSslClient.AskAsync(gateway.Port, options);
    }
}
