using System.IO.Compression;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Headgate.Proxy.Plugins.Compression;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>gzip</c> and <c>brotli</c> through the whole gateway.</summary>
public sealed class CompressionTests
{
    private const string Html = "Content-Type: text/html; charset=utf-8\r\n";
    private const string Both = """{"gzip":{},"brotli":{}}""";

    public static TheoryData<int, string, int, bool> Sizes
    {
        get
        {
            var rows = new TheoryData<int, string, int, bool>();
            foreach (int version in (int[])[1, 2])
            {
                foreach (string coding in (string[])["gzip", "br"])
                {
                    foreach (int size in (int[])[20, 1000, 1 << 20])
                        rows.Add(version, coding, size, false);
                    foreach (int size in (int[])[0, 1, 1000, 1 << 20])
                        rows.Add(version, coding, size, true);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Body_OfAnySize_IsTheSameWhenDecoded(int version, string coding, int size, bool chunked)
    {
        byte[] body = NodeBodies.Make(size);
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            Both, respond: (peer, _) => NodeBodies.SendAsync(peer, body, chunked, Html + "ETag: \"a\"\r\nAccept-Ranges: bytes\r\n", chunked ? NodeBodies.Trailers : ""));
        BodyAnswer answer = await gateway.ReadAsync(version, HttpMethod.Get, ("Accept-Encoding", coding));
        (answer.Status, answer.Field("Content-Encoding"), answer.Field("ETag")).ShouldBe((200, coding, "W/\"a\""));
        SHA256.HashData(answer.Decoded()).ShouldBe(SHA256.HashData(body));
        answer.Fields["Accept-Ranges"].ShouldBeEmpty();
        answer.Fields["Content-Length"].ShouldBeEmpty();
        answer.Trailers["X-Sum"].ShouldBe(chunked ? ["7"] : []);
        if (size >= 1000)
            answer.Body.Length.ShouldBeLessThan(body.Length * 3 / 4);
    }

    // The connection serves further requests, and so does the one to the node.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Answers_OneAfterTheOther_AreWhole(int version)
    {
        byte[] body = NodeBodies.Make(3000);
        await using PluginGateway gateway = await PluginGateway.StartAsync(Both, respond: (peer, _) => NodeBodies.SendAsync(peer, body, chunked: true, Html));
        for (int i = 0; i < 50; i++)
            (await gateway.ReadAsync(version, HttpMethod.Get, ("Accept-Encoding", i % 2 == 0 ? "gzip" : "br"))).Decoded().ShouldBe(body);
        gateway.NodeConnections.ShouldBe(1);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("x-gzip", "gzip")]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip, br;q=0.5", "gzip")]
    [InlineData("gzip;q=0.2, br;q=0.5", "br")]
    [InlineData("gzip;q=0, *", "br")]
    [InlineData("br;q=0, *;q=0.1", "gzip")]
    [InlineData("*;q=0", null)]
    [InlineData("identity", null)]
    [InlineData("gzip;q=no", null)]
    [InlineData(null, null)]
    public async Task Coding_IsTheOneThatTheClientWantsMost(string? accepted, string? coding)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"gzip":{"vary":true},"brotli":{"vary":true}}""", "200 OK\r\n" + Html);
        BodyAnswer answer = await gateway.ReadAsync(1, HttpMethod.Get, accepted is null ? [] : [("Accept-Encoding", accepted)]);
        answer.Field("Content-Encoding").ShouldBe(coding);
        answer.Fields["Vary"].ShouldBe(["Accept-Encoding"]);
        Encoding.ASCII.GetString(answer.Decoded()).ShouldStartWith("GET / HTTP/1.1");
    }

    [Theory]
    [InlineData("200 OK\r\nContent-Type: text/plain\r\n", "{}")]
    [InlineData("200 OK\r\n", """{"types":"*"}""")]
    [InlineData("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: zstd\r\n", "{}")]
    [InlineData("200 OK\r\nContent-Type: text/html\r\nCache-Control: max-age=1, no-transform\r\n", "{}")]
    [InlineData("206 Partial Content\r\nContent-Type: text/html\r\nContent-Range: bytes 0-9/99\r\n", "{}")]
    [InlineData("200 OK\r\nContent-Type: text/html\r\n", """{"min_length":5000}""")]
    public async Task Answer_ThatIsNotMeant_PassesAsItIs(string node, string config)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"gzip":{{config}},"brotli":{{config}}}""", node);
        BodyAnswer answer = await gateway.ReadAsync(1, HttpMethod.Get, ("Accept-Encoding", "gzip, br"));
        answer.Fields["Content-Encoding"].ShouldNotContain(value => value == "gzip" || value == "br");
        answer.Text.ShouldStartWith("GET / HTTP/1.1");
        answer.Field("Content-Length").ShouldBe(answer.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(1, "gzip")]
    [InlineData(2, "br")]
    public async Task GatewaysOwnAnswer_IsCompressedToo(int version, string coding)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"gzip":{"types":"*"},"brotli":{"types":["text/plain"]},"ip-restriction":{"blacklist":["127.0.0.1"],"message":"go away, and come back never again"}}""");
        BodyAnswer answer = await gateway.ReadAsync(version, HttpMethod.Get, ("Accept-Encoding", coding));
        (answer.Status, answer.Field("Content-Encoding")).ShouldBe((403, coding));
        Encoding.ASCII.GetString(answer.Decoded()).ShouldContain("go away, and come back never again");
        answer.Field("Content-Length").ShouldBe(answer.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Head_SaysWhatGetWould_WithoutABody(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"gzip":{}}""", "200 OK\r\n" + Html);
        for (int i = 0; i < 2; i++)
        {
            BodyAnswer answer = await gateway.ReadAsync(version, HttpMethod.Head, ("Accept-Encoding", "gzip"));
            (answer.Field("Content-Encoding"), answer.Body.Length, answer.Fields["Content-Length"].Count()).ShouldBe(("gzip", 0, 0));
        }
    }

    [Theory]
    [InlineData("""{"gzip":{}}""", false)]
    [InlineData("""{"gzip":{"http_version":1.0}}""", true)]
    public async Task Http10_OnlyWhereAskedFor_EndsWithTheConnection(string plugins, bool isCompressed)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(plugins, "200 OK\r\n" + Html);
        string answer = await gateway.Gateway.SendRawAsync("GET / HTTP/1.0\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
        answer.Contains("Content-Encoding: gzip", StringComparison.Ordinal).ShouldBe(isCompressed);
        answer.Contains("Transfer-Encoding", StringComparison.Ordinal).ShouldBeFalse();
    }

    // An event stream: what the node has sent reaches the client while the node waits.
    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Stream_ThatPauses_IsNotHeldBack(string coding)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"gzip":{"types":"*"},"brotli":{"types":"*"}}""", respond: async (peer, _) =>
        {
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n");
            await seen.Task.WaitAsync(peer.Stopping);
            await peer.SendAsync("9\r\ndata: 2\n\n\r\n0\r\n\r\n");
        });
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, gateway.Gateway.Address);
        request.Headers.AcceptEncoding.ParseAdd(coding);
        using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Stream raw = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using Stream decoded = coding == "gzip" ? new GZipStream(raw, CompressionMode.Decompress) : new BrotliStream(raw, CompressionMode.Decompress);
        byte[] read = new byte[9];
        await decoded.ReadExactlyAsync(read, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Encoding.ASCII.GetString(read).ShouldBe("data: 1\n\n");
        seen.SetResult();
        await decoded.ReadExactlyAsync(read, TestContext.Current.CancellationToken);
        Encoding.ASCII.GetString(read).ShouldBe("data: 2\n\n");
    }

    [Theory]
    [InlineData(1, "gzip", true)]
    [InlineData(2, "gzip", true)]
    [InlineData(1, "br", false)]
    [InlineData(2, "br", false)]
    public async Task Node_ThatDiesInMidBody_CutsOffTheClient(int version, string coding, bool chunked)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(Both, respond: async (peer, _) =>
        {
            await peer.SendAsync($"HTTP/1.1 200 OK\r\n{Html}{(chunked ? "Transfer-Encoding: chunked\r\n\r\n20000\r\n" : "Content-Length: 200000\r\n\r\n")}");
            await peer.SendAsync(NodeBodies.Make(100_000));
            peer.Dispose();
        });
        await Should.ThrowAsync<HttpRequestException>(() => gateway.ReadAsync(version, HttpMethod.Get, ("Accept-Encoding", coding)));
        gateway.Put("{}");
    }

    // Nobody reads, so that the node is not read either.
    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Client_ThatDoesNotRead_HoldsTheNodeBack(string coding)
    {
        byte[] piece = new byte[65_536];
        new Random(TestSeed.Value).NextBytes(piece); // nothing that could be compressed
        long sent = 0;
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"gzip":{},"brotli":{"comp_level":1,"lgwin":10}}""", respond: async (peer, _) =>
            {
                await peer.SendAsync($"HTTP/1.1 200 OK\r\n{Html}Content-Length: {1L << 30}\r\n\r\n");
                for (; sent < 1L << 30; Volatile.Write(ref sent, sent + piece.Length))
                    await peer.SendAsync(piece);
            });
        using Socket client = await gateway.Gateway.ConnectAsync();
        await client.SendAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: {coding}\r\n\r\n"));
        (long last, int same) = (0, 0);
        await Eventually.HoldsAsync(
            () =>
            {
                long now = Volatile.Read(ref sent);
                same = now > 0 && now == last ? same + 1 : 0;
                last = now;
                return same == 100;
            },
            "the node is held back");
        last.ShouldBeLessThan((2 * KernelBuffers.OneWayMax) + (1 << 20));
    }

    [Theory]
    [InlineData("gzip", "gzip", 1000, -1)]
    [InlineData("GZIP;Q=0.25", "gzip", 250, -1)]
    [InlineData("a, gzip ; q=1.000 , *;q=0.001", "gzip", 1000, 1)]
    [InlineData("gzip;q=1.5", "gzip", 1000, -1)]
    [InlineData("gzip;q=2", "gzip", 0, -1)]
    [InlineData("gzip;level=3", "gzip", 0, -1)]
    [InlineData(",,;q=1,", "gzip", -1, -1)]
    public void Read_FieldValue_GivesWeights(string value, string coding, int named, int others)
    {
        (int Named, int Others) read = (-1, -1);
        AcceptedCodings.Read(Encoding.ASCII.GetBytes(value), Encoding.ASCII.GetBytes(coding), [], ref read.Named, ref read.Others);
        read.ShouldBe((named, others));
    }

    [Theory]
    [InlineData("gzip", """{"types":[]}""", "property \"types\" validation failed: expect array to have at least 1 items")]
    [InlineData("gzip", """{"types":"text/html"}""", "property \"types\" validation failed: object matches none of the required")]
    [InlineData("gzip", """{"min_length":0}""", "property \"min_length\" validation failed: expected 0 to be at least 1")]
    [InlineData("gzip", """{"comp_level":10}""", "property \"comp_level\" validation failed: expected 10 to be at most 9")]
    [InlineData("gzip", """{"http_version":2}""", "property \"http_version\" validation failed: matches none of the enum values")]
    [InlineData("gzip", """{"buffers":{"number":0}}""", "property \"number\" validation failed: expected 0 to be at least 1")]
    [InlineData("gzip", """{"level":1}""", "additional properties forbidden, found level")]
    [InlineData("brotli", """{"comp_level":12}""", "property \"comp_level\" validation failed: expected 12 to be at most 11")]
    [InlineData("brotli", """{"lgwin":9}""", "property \"lgwin\" validation failed: matches none of the enum values")]
    [InlineData("brotli", """{"lgblock":1}""", "property \"lgblock\" validation failed: matches none of the enum values")]
    [InlineData("brotli", """{"mode":3}""", "property \"mode\" validation failed: expected 3 to be at most 2")]
    public void Config_Wrong_IsRefused(string plugin, string config, string text) => PluginConfigs.ShouldRefuse(plugin, config, text);
}
