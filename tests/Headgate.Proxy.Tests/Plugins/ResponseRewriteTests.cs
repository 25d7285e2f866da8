using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using Headgate.Proxy.Tests.Pipeline;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>response-rewrite</c>, and with it the seam for bodies, through the whole gateway.</summary>
public sealed class ResponseRewriteTests
{
    private const string Tagged = "200 OK\r\nETag: \"a\"\r\nLast-Modified: Sun, 01 Nov 2026 00:00:00 GMT\r\nX-Old: 1\r\n";

    public static TheoryData<int> Versions => [1, 2];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Body_IsReplaced_WithItsLength(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"response-rewrite":{"body":"hällo","status_code":201,"headers":{"X-New":"$arg_none.$remote_addr","X-Old":""}}}""", Tagged);
        for (int i = 0; i < 3; i++)
        {
            BodyAnswer answer = await gateway.ReadAsync(version, HttpMethod.Get);
            (answer.Status, answer.Text, answer.Field("Content-Length"), answer.Field("X-New")).ShouldBe((201, "hällo", "6", "127.0.0.1"));
            foreach (string gone in (string[])["ETag", "Last-Modified", "X-Old"])
                answer.Fields[gone].ShouldBeEmpty();
        }

        gateway.NodeConnections.ShouldBe(1); // short bodies are read to their end
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(1, 1 << 20)]
    [InlineData(2, 1 << 20)]
    public async Task Body_OfAnyLength_ReplacesThatOfANodeThatNeverEnds(int version, int length)
    {
        byte[] body = NodeBodies.Make(length);
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            $$$"""{"response-rewrite":{"body":"{{{Encoding.ASCII.GetString(body).Replace("\n", "\\n")}}}"}}""", respond: async (peer, _) =>
            {
                await peer.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                await peer.WaitForEndAsync();
                peer.Dispose();
            });
        for (int i = 0; i < 2; i++)
            (await gateway.ReadAsync(version, HttpMethod.Get)).Body.ShouldBe(body);
        gateway.NodeConnections.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Base64_IsSentDecoded(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"response-rewrite":{"body":"AAECAw","body_base64":true}}""");
        (await gateway.ReadAsync(version, HttpMethod.Get)).Body.ShouldBe([0, 1, 2, 3]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Headers_AreAddedSetAndRemoved_AndTheBodyStays(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"response-rewrite":{"headers":{"add":["Set-Cookie: a=1; Max-Age=60","X-Old: $request_method"],"set":{"Server":"mine","X-N":7},"remove":["Last-Modified"]}}}""", Tagged);
        BodyAnswer answer = await gateway.ReadAsync(version, HttpMethod.Get);
        answer.Fields["Set-Cookie"].ShouldBe(["a=1; Max-Age=60"]);
        answer.Fields["X-Old"].ShouldBe(["1", "GET"]);
        (answer.Field("Server"), answer.Field("X-N"), answer.Field("Last-Modified"), answer.Field("ETag")).ShouldBe(("mine", "7", null, "\"a\""));
        answer.Text.ShouldStartWith("GET / HTTP/1.1");
    }

    [Theory]
    [InlineData(1, 404, "rewritten")]
    [InlineData(2, 404, "rewritten")]
    [InlineData(1, 200, "as it was")]
    public async Task Vars_SeeTheStatus(int version, int status, string body)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"response-rewrite":{"body":"rewritten","status_code":503,"vars":[["status",">=",400]]}}""",
            respond: (peer, _) => peer.SendAsync($"HTTP/1.1 {status} X\r\nContent-Length: 9\r\n\r\nas it was"));
        BodyAnswer answer = await gateway.ReadAsync(version, HttpMethod.Get);
        (answer.Status, answer.Text).ShouldBe((status == 200 ? 200 : 503, body));
    }

    [Theory]
    [InlineData("""[{"regex":"a(.)","replace":"<$1$$>"}]""", "abab\nAB", "<b$>ab\nAB")]
    [InlineData("""[{"regex":"a(.)","replace":"${1}$9","scope":"global"}]""", "abab\nAB", "bb\nAB")]
    [InlineData("""[{"regex":"A","replace":"$0x","scope":"global","options":"ijo"}]""", "abab\nAB", "axbaxb\nAxB")]
    [InlineData("""[{"regex":"^A","replace":"x","options":"m"},{"regex":"xB","replace":"y"}]""", "abab\nAB", "abab\ny")]
    [InlineData("""[{"regex":"^.*$","replace":"x","options":"s"}]""", "abab\nAB", "x")]
    [InlineData("""[{"regex":"b","replace":"x","options":"a"}]""", "abab", "abab")]
    [InlineData("""[{"regex":"ä","replace":"ü","scope":"global"}]""", "ä-ä", "ü-ü")]
    [InlineData("""[{"regex":"^.$","replace":"ü","options":"u"}]""", "ä", "ü")]
    [InlineData("""[{"regex":"none","replace":"x"}]""", "abab", "abab")]
    [InlineData("""[{"regex":"(?<=a)b","replace":"x","scope":"global"}]""", "abab", "axax")]
    [InlineData("""[{"regex":"b","replace":"x","scope":"global"}]""", "", "")]
    public async Task Filters_ReplaceInTheBody(string filters, string body, string expected)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            $$$"""{"response-rewrite":{"filters":{{{filters}}}}}""",
            respond: (peer, _) => NodeBodies.SendAsync(peer, Encoding.UTF8.GetBytes(body), chunked: true, "ETag: \"a\"\r\n", NodeBodies.Trailers));
        foreach (int version in (int[])[1, 2])
        {
            BodyAnswer answer = await gateway.ReadAsync(version, HttpMethod.Get);
            (answer.Text, answer.Field("ETag")).ShouldBe((expected, null));
            answer.Trailers["X-More"].ShouldBe(["yes"]);
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Filters_OverALargeBody_SeeItAsAWhole(int version, bool chunked)
    {
        byte[] body = NodeBodies.Make(1 << 20);
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"response-rewrite":{"filters":[{"regex":"\\n","replace":"","scope":"global"}]}}""", respond: (peer, _) => NodeBodies.SendAsync(peer, body, chunked, ""));
        BodyAnswer answer = await gateway.ReadAsync(version, HttpMethod.Get);
        answer.Body.ShouldBe([.. body.Where(b => b != '\n')]);
    }

    // As in APISIX: what is above the bound is left out, and the node is not read any further.
    [Theory]
    [InlineData(1, 1000, 700)]
    [InlineData(2, 1000, 700)]
    [InlineData(1, 699, 699)]
    [InlineData(1, 700, 700)]
    public async Task Filters_AboveTheBound_LeaveTheRestOut(int version, int length, int expected)
    {
        byte[] body = NodeBodies.Make(length);
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"response-rewrite":{"filters":[{"regex":"zz","replace":""}],"max_resp_body_size":700}}""", respond: (peer, _) => NodeBodies.SendAsync(peer, body, chunked: false, ""));
        for (int i = 0; i < 2; i++)
            (await gateway.ReadAsync(version, HttpMethod.Get)).Body.ShouldBe(body[..expected]);
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("br", true)]
    [InlineData("zstd", false)]
    public async Task Filters_OfAnEncodedBody_SeeItDecoded(string coding, bool isKnown)
    {
        using var encoded = new MemoryStream();
        using (Stream encoder = coding == "gzip" ? new GZipStream(encoded, CompressionMode.Compress, leaveOpen: true) : new BrotliStream(encoded, CompressionMode.Compress, leaveOpen: true))
            encoder.Write("hello"u8);
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"response-rewrite":{"filters":[{"regex":"l+","replace":"y"}]}}""", respond: (peer, _) => NodeBodies.SendAsync(peer, encoded.ToArray(), chunked: true, $"Content-Encoding: {coding}\r\n"));
        BodyAnswer answer = await gateway.ReadAsync(1, HttpMethod.Get);
        answer.Field("Content-Encoding").ShouldBe(isKnown ? null : coding);
        answer.Body.ShouldBe(isKnown ? "heyo"u8.ToArray() : encoded.ToArray());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Filters_ThatCannotSeeTheBody_CutOffTheClient_AndNotTheNode(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"response-rewrite":{"filters":[{"regex":"l+","replace":"y"}]}}""",
            respond: (peer, _) => NodeBodies.SendAsync(peer, "no gzip"u8.ToArray(), chunked: true, "Content-Encoding: gzip\r\n"));
        await Should.ThrowAsync<HttpRequestException>(() => gateway.ReadAsync(version, HttpMethod.Get));
        gateway.Requests.ShouldBe(1);
    }

    // A pattern that tries everything, and cannot run in linear time: the gateway does not wait for it, and lets nothing through that it should have changed.
    [Fact]
    public async Task Filters_ThatTakeTooLong_CutOffTheClient()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"response-rewrite":{"filters":[{"regex":"^(?=a)(a+)+$","replace":"y"}]}}""", respond: (peer, _) => NodeBodies.SendAsync(peer, [.. Enumerable.Repeat((byte)'a', 100), 33], chunked: false, ""));
        await Should.ThrowAsync<HttpRequestException>(() => gateway.ReadAsync(1, HttpMethod.Get));
        gateway.Put("""{"response-rewrite":{"filters":[{"regex":"^(a+)+$","replace":"y"}]}}""");
        (await gateway.ReadAsync(1, HttpMethod.Get)).Body.Length.ShouldBe(101);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task GatewaysOwnAnswer_IsRewrittenToo(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"ip-restriction":{"blacklist":["127.0.0.1"]},"response-rewrite":{"status_code":404,"filters":[{"regex":"Your.*allowed","replace":"no"}],"headers":{"X-A":"$status"}}}""");
        BodyAnswer answer = await gateway.ReadAsync(version, HttpMethod.Get);
        (answer.Status, answer.Text, answer.Field("X-A")).ShouldBe((404, "{\"message\":\"no\"}\n", "404"));
        gateway.Put("""{"ip-restriction":{"blacklist":["127.0.0.1"]},"response-rewrite":{"body":"no"}}""");
        (await gateway.ReadAsync(version, HttpMethod.Get)).Text.ShouldBe("no");
        (await gateway.ReadAsync(version, HttpMethod.Head)).Field("Content-Length").ShouldBe("2");
    }

    [Theory]
    [InlineData(1, "204 No Content\r\n", 200, "made")]
    [InlineData(2, "204 No Content\r\n", 200, "made")]
    [InlineData(1, "304 Not Modified\r\n", 200, "made")]
    [InlineData(2, "304 Not Modified\r\n", 200, "made")]
    [InlineData(1, "200 OK\r\nContent-Length: 4\r\n", 204, "")]
    [InlineData(2, "200 OK\r\nContent-Length: 4\r\n", 204, "")]
    [InlineData(1, "200 OK\r\nContent-Length: 4\r\n", 304, "")]
    [InlineData(2, "200 OK\r\nContent-Length: 4\r\n", 304, "")]
    public async Task Status_AsRewritten_DecidesWhetherThereIsABody(int version, string node, int status, string body)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            $$$"""{"response-rewrite":{"status_code":{{{status}}},"body":"made"}}""", respond: (peer, _) => peer.SendAsync($"HTTP/1.1 {node}\r\n{(node.StartsWith("200", StringComparison.Ordinal) ? "body" : "")}"));
        for (int i = 0; i < 2; i++)
        {
            BodyAnswer answer = await gateway.ReadAsync(version, HttpMethod.Get);
            (answer.Status, answer.Text).ShouldBe((status, body));
        }

        gateway.Put($$$"""{"response-rewrite":{"status_code":{{{status}}}}}""");
        BodyAnswer withoutBody = await gateway.ReadAsync(version, HttpMethod.Get);
        (withoutBody.Status, withoutBody.Text).ShouldBe((status, ""));
        gateway.NodeConnections.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Head_HasTheLengthAndNoBody(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"response-rewrite":{"body":"hello"}}""");
        for (int i = 0; i < 2; i++)
        {
            BodyAnswer answer = await gateway.ReadAsync(version, HttpMethod.Head);
            (answer.Status, answer.Body.Length, answer.Field("Content-Length")).ShouldBe((200, 0, "5"));
        }
    }

    [Fact]
    public async Task Retry_BehindAHeadThatWasTakenBack_IsRewrittenOnce()
    {
        int requests = 0;
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"response-rewrite":{"filters":[{"regex":"a","replace":"b"}],"headers":{"add":["X-Once: 1"]}}}""", respond: async (peer, _) =>
            {
                if (Interlocked.Increment(ref requests) == 1)
                {
                    await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\na");
                    peer.Dispose();
                    return;
                }

                await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nanna");
            });
        gateway.Gateway.PutUpstream("u", [gateway.NodePort], ""","retries":2""");
        try
        {
            BodyAnswer answer = await gateway.ReadAsync(1, HttpMethod.Get);
            (answer.Text, answer.Field("X-Once")).ShouldBe(("bnna", "1"));
        }
        catch (HttpRequestException)
        {
            // The head was out before the node's death was seen: then the client is cut off, as without the plugin.
        }

        (await gateway.ReadAsync(1, HttpMethod.Get)).Text.ShouldBe("bnna");
    }

    [Fact]
    public async Task Switch_OfProtocols_Passes()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("{}", respond: async (peer, _) =>
        {
            await peer.SendAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n");
            await peer.SendAsync(await peer.ReadBytesAsync(4));
            peer.CloseSend();
            await peer.WaitForEndAsync();
        });
        gateway.Put("""{"response-rewrite":{"status_code":200,"body":"x","headers":{"X-A":"1"}},"gzip":{"types":"*"}}""", ""","enable_websocket":true""");
        using Socket client = await gateway.Gateway.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Version: 13\r\n\r\nping"u8.ToArray());
        string answer = await GatewayUnderTest.ReadToEndAsync(client);
        answer.ShouldStartWith("HTTP/1.1 101 ");
        answer.ShouldContain("\r\nX-A: 1\r\n");
        answer.ShouldEndWith("\r\n\r\nping");
    }

    [Theory]
    [InlineData("""{"status_code":199}""", "property \"status_code\" validation failed: expected 199 to be at least 200")]
    [InlineData("""{"status_code":599}""", "property \"status_code\" validation failed: expected 599 to be at most 598")]
    [InlineData("""{"body":"a","filters":[{"regex":"a","replace":""}]}""", "failed to validate dependent schema for body: value wasn't supposed to match schema")]
    [InlineData("""{"body":"?","body_base64":true}""", "invalid base64 content")]
    [InlineData("""{"body_base64":true}""", "invalid base64 content")]
    [InlineData("""{"filters":[]}""", "property \"filters\" validation failed: expect array to have at least 1 items")]
    [InlineData("""{"filters":[{"regex":"a"}]}""", "property \"replace\" is required")]
    [InlineData("""{"filters":[{"regex":"(","replace":""}]}""", "regex \"(\" validation failed: Invalid pattern")]
    [InlineData("""{"filters":[{"regex":"a","replace":"","options":"z"}]}""", "regex \"a\" validation failed: unknown flag \"z\"")]
    [InlineData("""{"filters":[{"regex":"a","replace":"$host"}]}""", "regex \"a\" validation failed: the dollar at offset 0 names no capture")]
    [InlineData("""{"filters":[{"regex":"a","replace":"","scope":"all"}]}""", "property \"scope\" validation failed: matches none of the enum values")]
    [InlineData("""{"vars":[["status","===",1]]}""", "failed to validate the 'vars' expression")]
    [InlineData("""{"headers":{"add":["X"]}}""", "failed to match pattern")]
    [InlineData("""{"headers":{"set":{}}}""", "expect object to have at least 1 properties")]
    [InlineData("""{"headers":{"Content-Length":"1"}}""", "Content-Length is written by the gateway itself")]
    [InlineData("""{"headers":{"X Y":"1"}}""", "invalid field character in header")]
    [InlineData("""{"headers":{"X":true}}""", "wrong type: expected string or number, got boolean")]
    [InlineData("""{"max_resp_body_size":0}""", "expected 0 to be at least 1")]
    [InlineData("""{"status":200}""", "additional properties forbidden, found status")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("response-rewrite", config, text);
}
