using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Core.Tests.Config;

public sealed class SslConfigTests : IDisposable
{
    private readonly TestCertificates _authority = new();

    [Fact]
    public void Parse_EveryField_IsTyped()
    {
        (string cert, string key) = _authority.IssuePem("a.test");
        (string second, string secondKey) = _authority.IssuePem("a.test");
        SslConfig ssl = Parse(new
        {
            id = "1",
            desc = "d",
            labels = new { a = "b" },
            type = "server",
            cert,
            key,
            snis = new[] { "A.test", "*.b.test", "a.test." },
            certs = new[] { second },
            keys = new[] { secondKey },
            client = new { ca = _authority.AuthorityPem, depth = 2, skip_mtls_uri_regex = new[] { "^/open" } },
            status = 0,
            ssl_protocols = new[] { "TLSv1.2", "TLSv1.3" },
        }).Valid;

        ssl.ShouldBe(new SslConfig
        {
            Id = "s1",
            Certificates = [new SslCertificateConfig(cert, key), new SslCertificateConfig(second, secondKey)],
            Snis = ["a.test", "*.b.test"],
            Client = new SslClientConfig(_authority.AuthorityPem, 2, ["^/open"]),
            Enabled = false,
            Protocols = ["TLSv1.2", "TLSv1.3"],
        });
        ssl.ToString().ShouldNotContain("PRIVATE KEY");
    }

    [Fact]
    public void Parse_Client_NeedsNoName()
    {
        (string cert, string key) = _authority.IssuePem("client");
        SslConfig ssl = Parse(new { type = "client", cert, key }).Valid;
        (ssl.Type, ssl.Enabled, ssl.Snis.Count, ssl.Client).ShouldBe((SslType.Client, true, 0, null));
    }

    [Fact]
    public void Parse_SeveralProblems_FindsAllOfThem()
    {
        (string cert, string key) = _authority.IssuePem("a.test");
        Parse(new { cert, key, sni = "a.test", status = 7, ssl_protocols = new[] { "SSLv3" }, client = new { ca = _authority.AuthorityPem, skip_mtls_uri_regex = new[] { "(" } } })
            .Errors.Select(error => error[..Math.Min(60, error.Length)]).ShouldBe([
                "invalid configuration: property \"status\" validation failed: ",
                "invalid configuration: property \"ssl_protocols\" validation f",
                "client.skip_mtls_uri_regex[0] \"(\" is no regular expression: ",
            ]);
    }

    [Theory]
    [InlineData("a.test", 0)]
    [InlineData("b.test", 1)]
    [InlineData("x.w.test", 0)]
    [InlineData("x.y.w.test", 1)]
    [InlineData("w.test", 1)]
    public void Parse_NameThatTheCertificateIsNotFor_IsWarnedAbout(string name, int warnings)
    {
        (string cert, string key) = _authority.IssuePem(name.EndsWith("w.test", StringComparison.Ordinal) ? "*.w.test" : "a.test");
        Parse(new { cert, key, sni = name }).Warnings.Count(warning => warning.Contains("will not trust cert", StringComparison.Ordinal)).ShouldBe(warnings);
    }

    [Fact]
    public void Parse_OldProtocol_IsWarnedAbout()
    {
        (string cert, string key) = _authority.IssuePem("a.test");
        Parse(new { cert, key, sni = "a.test", ssl_protocols = new[] { "TLSv1.1", "TLSv1.2" } }).Warnings.ShouldBe(["TLSv1.1 has no effect: the gateway speaks 1.2 and 1.3 only"]);
        Parse(new { cert, key, sni = "a.test", ssl_protocols = new[] { "TLSv1.1" } })
            .ShouldFailWith("ssl_protocols leaves no version that the gateway speaks; use TLSv1.2, TLSv1.3 or both");
    }

    [Fact]
    public void Parse_ReferencesToSecrets_AreProvedWhenServed()
    {
        (string cert, string key) = _authority.IssuePem("a.test");
        SslConfig ssl = Parse(new { cert, key = "$env://TLS_KEY", sni = "a.test", certs = new[] { "$secret://file/1/cert" }, keys = new[] { "$secret://file/1/key" } }).Valid;
        ssl.Certificates.Count.ShouldBe(0);
        ssl.Snis.ShouldBe(["a.test"]);
    }

    public void Dispose() => _authority.Dispose();

    private static Parsed<SslConfig> Parse(object ssl) => Parsed.Run(JsonSerializer.Serialize(ssl), (value, errors) => ConfigParser.ParseSsl("s1", value, errors));
}
