using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>HTTPS and HTTP/2 with the clients that people use: <c>curl</c>, <c>h2load</c>.</summary>
[Collection(EndToEndCollection.Name)]
public sealed partial class Http2Tests(Http2Tests.Fixture fixture, ITestOutputHelper output) : IClassFixture<Http2Tests.Fixture>
{
    private const int Requests = 10_000;

    [Theory]
    [InlineData(true, "--npn-list=h2")]
    [InlineData(true, "--h1")]
    [InlineData(false, "--no-tls-proto=h2c")]
    [InlineData(false, "--h1")]
    public async Task H2load_AllRequestsSucceed(bool tls, string protocol)
    {
        Tool h2load = await Tool.RunAsync(
            "h2load", "nghttp2-client", $"-n{Requests}", "-c8", protocol == "--h1" ? "-m1" : "-m20", protocol, (tls ? fixture.Gateway.Https : fixture.Gateway.Http) + "/file");
        output.WriteLine(h2load.Output.Split('\n').First(l => l.StartsWith("finished in", StringComparison.Ordinal)));
        h2load.ExitCode.ShouldBe(0, h2load.Error);
        h2load.Output.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"requests: {Requests} total, {Requests} started, {Requests} done, {Requests} succeeded, 0 failed, 0 errored, 0 timeout"));
        h2load.Output.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"status codes: {Requests} 2xx, 0 3xx, 0 4xx, 0 5xx"));
        Protocol().Match(h2load.Output).Groups["name"].Value.ShouldBe(protocol == "--h1" ? "http/1.1" : tls ? "h2" : "h2c");
    }

    [Theory]
    [InlineData("--http1.1", "1.1")]
    [InlineData("--http2", "2")]
    public async Task Curl_OverHttps_GetsTheFile(string version, string expected)
    {
        Tool curl = await Tool.CurlAsync("-k", version, "-w", "%{http_version}", fixture.Gateway.Https + "/file");
        curl.ExitCode.ShouldBe(0, curl.Error);
        curl.Bytes.ShouldBe([.. fixture.File, .. System.Text.Encoding.ASCII.GetBytes(expected)]);
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public async Task Curl_OverHttp11AndTls_GetsALargeFileByteForByte(string version)
    {
        Tool curl = await Tool.CurlAsync("-k", "--http1.1", "--tls-max", version, fixture.Gateway.Https + "/large");
        curl.ExitCode.ShouldBe(0, curl.Error);
        Convert.ToHexString(SHA256.HashData(curl.Bytes)).ShouldBe(Convert.ToHexString(SHA256.HashData(fixture.Large)));
    }

    [Fact]
    public async Task Curl_WithOldTls_IsRefused()
    {
        Tool curl = await Tool.CurlAsync("-k", "--http1.1", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0", fixture.Gateway.Https + "/file");
        curl.ExitCode.ShouldBe(35, curl.Error);
        curl.Error.ShouldContain("alert protocol version");
    }

    [Fact]
    public async Task Curl_WhichTrustsTheAuthority_IsSatisfiedWithTheCertificate()
    {
        Tool curl = await Tool.CurlAsync("--cacert", fixture.AuthorityFile, "-o", "/dev/null", "-w", "%{http_code} %{ssl_verify_result}", fixture.Gateway.Https + "/file");
        curl.Output.ShouldBe("200 0", curl.Error);
    }

    [Fact]
    public async Task Curl_UploadsOverHttp2_AndTheOriginsAnswerComesBack()
    {
        // nginx refuses a POST to a file after it has read it: what counts is that the answer arrives, and the connection lives.
        string body = Path.Combine(fixture.Gateway.Folder, "upload");
        await File.WriteAllBytesAsync(body, new byte[300_000]);
        Tool curl = await Tool.CurlAsync(
            "-k", "--http2", "-o", "/dev/null", "-w", "%{http_code} ", "--data-binary", "@" + body, fixture.Gateway.Https + "/file",
            "--next", "-sSk", "--http2", "-o", "/dev/null", "-w", "%{http_code}", fixture.Gateway.Https + "/file");
        curl.Output.ShouldBe("405 200", curl.Error);
    }

    [GeneratedRegex(@"Application protocol: (?<name>\S+)")]
    private static partial Regex Protocol();

    /// <summary>A gateway with a certificate, and nginx behind it.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-run-");
        private NginxOrigin? _origin;

        internal GatewayProcess Gateway { get; private set; } = null!;

        internal byte[] File { get; private set; } = [];

        internal byte[] Large { get; private set; } = [];

        internal string AuthorityFile => Path.Combine(_folder.FullName, "authority.pem");

        public async ValueTask InitializeAsync()
        {
            using (var certificates = new TestCertificates())
            {
                (string certificate, string key) = certificates.IssuePem("127.0.0.1");
                await System.IO.File.WriteAllTextAsync(Path.Combine(_folder.FullName, "cert.pem"), certificate);
                await System.IO.File.WriteAllTextAsync(Path.Combine(_folder.FullName, "key.pem"), key);
                await System.IO.File.WriteAllTextAsync(AuthorityFile, certificates.AuthorityPem);
            }

            _origin = await NginxOrigin.StartAsync();
            File = _origin.Write("file", 1024);
            Large = _origin.Write("large", 20 << 20);
            Gateway = await GatewayProcess.StartAsync("  tls: {cert: cert.pem, key: key.pem}", _folder.FullName);
            await Gateway.RouteAllToAsync(_origin.Ports[0]);
        }

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            if (_origin is not null)
                await _origin.DisposeAsync();
            _folder.Delete(recursive: true);
        }
    }
}
