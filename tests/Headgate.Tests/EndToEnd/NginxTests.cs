using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>Files of a real nginx through the gateway, asked for with <c>curl</c>.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class NginxTests(NginxTests.Fixture fixture) : IClassFixture<NginxTests.Fixture>
{
    [Theory]
    [InlineData(0, "--http1.1")]
    [InlineData(1, "--http1.1")]
    [InlineData(1024, "--http1.1")]
    [InlineData(65_536, "--http1.1")]
    [InlineData(5_242_880, "--http1.1")]
    [InlineData(0, "--http2-prior-knowledge")]
    [InlineData(1024, "--http2-prior-knowledge")]
    [InlineData(5_242_880, "--http2-prior-knowledge")]
    [InlineData(1024, "--http1.0")]
    public async Task File_OfAnySize_IsTheSameByteForByte(int length, string version)
    {
        string name = $"size-{length}{version}";
        byte[] bytes = fixture.Origin.Write(name, length);
        Tool curl = await Tool.CurlAsync(version, fixture.Url(name));
        curl.ExitCode.ShouldBe(0, curl.Error);
        Convert.ToHexString(SHA256.HashData(curl.Bytes)).ShouldBe(Convert.ToHexString(SHA256.HashData(bytes)));
    }

    [Theory]
    [InlineData("0-99", 0, 100)]
    [InlineData("1000-", 1000, 3096)]
    [InlineData("-10", 4086, 10)]
    public async Task Range_IsAnsweredWithThatPart(string range, int from, int length)
    {
        byte[] bytes = fixture.Origin.Write("range", 4096);
        Tool curl = await Tool.CurlAsync("-i", "-r", range, fixture.Url("range"));
        (string head, byte[] body) = Split(curl);
        head.ShouldStartWith("HTTP/1.1 206 Partial Content\r\n");
        head.ShouldContain($"\r\nContent-Range: bytes {from}-{from + length - 1}/4096\r\n");
        body.ShouldBe(bytes.AsSpan(from, length).ToArray());
    }

    [Fact]
    public async Task Range_OfSeveralParts_ComesAsMultipart()
    {
        fixture.Origin.Write("ranges", 4096);
        (string head, byte[] body) = Split(await Tool.CurlAsync("-i", "-r", "0-9,100-109", fixture.Url("ranges")));
        head.ShouldStartWith("HTTP/1.1 206 ");
        head.ShouldContain("multipart/byteranges; boundary=");
        head.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"\r\nContent-Length: {body.Length}\r\n"));
    }

    [Fact]
    public async Task Range_BeyondTheEnd_Is416()
    {
        fixture.Origin.Write("short", 10);
        (await Tool.CurlAsync("-o", "/dev/null", "-w", "%{http_code}", "-r", "100-200", fixture.Url("short"))).Output.ShouldBe("416");
    }

    [Fact]
    public async Task IfNoneMatch_WithTheETag_Is304WithoutABody()
    {
        fixture.Origin.Write("tagged", 100);
        (string head, _) = Split(await Tool.CurlAsync("-i", fixture.Url("tagged")));
        string tag = head.Split("\r\n").First(l => l.StartsWith("ETag: ", StringComparison.Ordinal))[6..];
        (head, byte[] body) = Split(await Tool.CurlAsync("-i", "-H", "If-None-Match: " + tag, fixture.Url("tagged")));
        head.ShouldStartWith("HTTP/1.1 304 Not Modified\r\n");
        body.ShouldBeEmpty();
    }

    [Fact]
    public async Task Head_HasTheLengthAndNoBody_AndTheConnectionGoesOn()
    {
        byte[] bytes = fixture.Origin.Write("head", 3000);
        Tool curl = await Tool.CurlAsync("-I", fixture.Url("head"), "--next", "-sS", "-w", "%{num_connects}", fixture.Url("head"));
        curl.Output.ShouldStartWith("HTTP/1.1 200 OK\r\n");
        curl.Output.ShouldContain("\r\nContent-Length: 3000\r\n");
        curl.Bytes[^3001..^1].ShouldBe(bytes);
        curl.Output[^1].ShouldBe('0', "a second connection was opened");
    }

    [Fact]
    public async Task Missing_IsTheOriginsOwn404()
    {
        Tool curl = await Tool.CurlAsync("-w", "%{http_code}", fixture.Url("is-not-there"));
        curl.Output.ShouldEndWith("404");
        curl.Output.ShouldContain("<center>nginx");
    }

    [Fact]
    public async Task Post_ToAFile_IsTheOrigins405()
    {
        fixture.Origin.Write("posted", 10);
        (await Tool.CurlAsync("-o", "/dev/null", "-w", "%{http_code}", "-d", "a=b", fixture.Url("posted"))).Output.ShouldBe("405");
    }

    [Fact]
    public async Task Gzip_ComesThroughAsItIs()
    {
        string text = string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i}\n"));
        await File.WriteAllTextAsync(Path.Combine(fixture.Origin.Root, "text.txt"), text);
        (string head, byte[] body) = Split(await Tool.CurlAsync("-i", "-H", "Accept-Encoding: gzip", fixture.Url("text.txt")));
        head.ShouldContain("\r\nContent-Encoding: gzip\r\n");
        using var unpacked = new StreamReader(new GZipStream(new MemoryStream(body), CompressionMode.Decompress));
        (await unpacked.ReadToEndAsync()).ShouldBe(text);
        (await Tool.CurlAsync("--compressed", "--http2-prior-knowledge", fixture.Url("text.txt"))).Output.ShouldBe(text);
    }

    private static (string Head, byte[] Body) Split(Tool curl)
    {
        curl.ExitCode.ShouldBe(0, curl.Error);
        int end = curl.Bytes.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        return (System.Text.Encoding.ASCII.GetString(curl.Bytes, 0, end), curl.Bytes[end..]);
    }

    /// <summary>One gateway and one nginx for all of them.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal GatewayProcess Gateway { get; private set; } = null!;

        internal NginxOrigin Origin { get; private set; } = null!;

        internal string Url(string name) => $"{Gateway.Http}/{name}";

        public async ValueTask InitializeAsync()
        {
            Origin = await NginxOrigin.StartAsync();
            Gateway = await GatewayProcess.StartAsync();
            await Gateway.RouteAllToAsync(Origin.Ports[0]);
        }

        public async ValueTask DisposeAsync()
        {
            (await Gateway.StopAsync()).ShouldBe(0, Gateway.Process.Log);
            await Gateway.DisposeAsync();
            await Origin.DisposeAsync();
        }
    }
}
