using System.Text;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary>Bodies in entries of plugins that log requests, through the whole gateway: <c>file-logger</c> stands for all.</summary>
public sealed class LoggedBodiesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-log-");

    private string LogPath => Path.Combine(_folder.FullName, "a.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Bodies_AreInTheDefaultEntry(int version, bool chunked)
    {
        await using PluginGateway gateway = await StartAsync(""","include_req_body":true,"include_resp_body":true""", "an \"answer\"\n\u00e9");
        await PostAsync(gateway, version, "a \"body\"\n\u00e9\u20ac", chunked);
        JsonElement entry = (await EntriesAsync(1))[0];
        entry.GetProperty("request_body").GetString().ShouldBe("a \"body\"\n\u00e9\u20ac");
        entry.GetProperty("response_body").GetString().ShouldBe("an \"answer\"\n\u00e9");
        entry.GetProperty("status").GetInt32().ShouldBe(200);
        gateway.Bodies.Single().ShouldBe(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("a \"body\"\n\u00e9\u20ac")));

        (await gateway.GetAsync(version)).Status.ShouldBe(200);
        (await EntriesAsync(2))[1].GetProperty("request_body").GetString().ShouldBe("");
    }

    [Theory]
    [InlineData(3, "ab\u20acc", "ab")]
    [InlineData(4, "ab\u20acc", "ab")]
    [InlineData(5, "ab\u20acc", "ab\u20ac")]
    [InlineData(6, "ab\u20acc", "ab\u20acc")]
    [InlineData(2, "\ud83d\ude00", "")]
    public async Task LongerBodies_AreCutAtACharacter(int bytesMax, string body, string kept)
    {
        await using PluginGateway gateway = await StartAsync(
            $$""","include_req_body":true,"include_resp_body":true,"max_req_body_bytes":{{bytesMax}},"max_resp_body_bytes":{{bytesMax}},"log_format":{"q":"$request_body","s":"$resp_body","t":"x"}""", body);
        string answer = await PostAsync(gateway, 1, body, chunked: false);
        answer.ShouldBe(body);
        JsonElement entry = (await EntriesAsync(1))[0];
        (entry.GetProperty("q").GetString(), entry.GetProperty("s").GetString()).ShouldBe((kept, kept));
    }

    [Fact]
    public async Task LargeBodies_PassWhole_AndTheirBeginningsAreKept()
    {
        string body = Encoding.ASCII.GetString(NodeBodies.Make(1_000_000));
        await using PluginGateway gateway = await StartAsync(""","include_req_body":true,"include_resp_body":true""", body);
        foreach (int version in (int[])[1, 2])
            (await PostAsync(gateway, version, body, chunked: version == 1)).ShouldBe(body);
        foreach (JsonElement entry in await EntriesAsync(2))
        {
            entry.GetProperty("request_body").GetString().ShouldBe(body[..524_288]);
            entry.GetProperty("response_body").GetString().ShouldBe(body[..524_288]);
        }

        gateway.Bodies.ShouldBe([body, body]);
    }

    [Fact]
    public async Task Expressions_SayWhich()
    {
        await using PluginGateway gateway = await StartAsync(
            ""","include_req_body":true,"include_req_body_expr":[["arg_q","==","1"]],"include_resp_body":true,"include_resp_body_expr":[["arg_s","==","1"]]""", "answer");
        foreach (string query in (string[])["?q=1", "?s=1"])
            await PostAsync(gateway, 1, "body", chunked: false, query);
        (await EntriesAsync(2)).Select(entry => entry.GetProperty("request_body").GetString() + "|" + entry.GetProperty("response_body").GetString()).ShouldBe(["body|", "|answer"]);
    }

    [Fact]
    public async Task WhatIsNoText_StaysReadable_AndWhatIsEncodedIsLeftOut()
    {
        await using PluginGateway gateway = await StartAsync(""","include_req_body":true,"include_resp_body":true""", "answer", "Content-Encoding: fancy\r\n");
        await gateway.Gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\na\xff\n");
        JsonElement entry = (await EntriesAsync(1))[0];
        entry.GetProperty("request_body").GetString().ShouldBe("a\u00ff\n");
        entry.GetProperty("response_body").GetString().ShouldBe("");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task AnswersOfTheGatewaysOwn_AndBodiesThatBreakOff_AreLogged(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            $$$"""{"file-logger":{"path":"{{{LogPath}}}","include_req_body":true,"include_resp_body":true},"mocking":{"response_status":201,"response_example":"mocked","content_type":"text/plain","_meta":{"filter":[["uri","==","/mocked"]]} } }""");
        (await gateway.GetAsync(version, "/mocked")).Status.ShouldBe(201);
        (await EntriesAsync(1))[0].GetProperty("response_body").GetString().ShouldBe("mocked");
        await gateway.Gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello", finish: true);
        (await EntriesAsync(2))[1].GetProperty("request_body").GetString().ShouldBe("hello");
        using var head = new HttpRequestMessage(HttpMethod.Head, $"http://127.0.0.1:{gateway.Gateway.Port}/");
        PluginAnswer answer = await gateway.SendAsync(version, head);
        answer.Status.ShouldBe(200);
        (await EntriesAsync(3))[2].GetProperty("response_body").GetString().ShouldBe("");
    }

    [Fact]
    public void WhatHasNoEffect_IsWarnedAbout()
    {
        var errors = new ConfigErrors();
        using JsonDocument route = JsonDocument.Parse("""{"uri":"/a","upstream_id":"u","plugins":{"file-logger":{"path":"a","max_req_body_bytes":1,"include_resp_body_expr":[["uri","==","a"]],"log_format":{"b":"$request_body","c":"$resp_body"}}}}""");
        ConfigParser.ParseRoute("r", route.RootElement, errors, new Core.Config.Plugins.PluginCatalog(Headgate.Proxy.Plugins.PluginKinds.All)).ShouldNotBeNull();
        errors.Warnings.Select(warning => warning.Message).ShouldBe(
        [
            "plugins.file-logger.max_req_body_bytes has no effect without include_req_body", "plugins.file-logger.include_resp_body_expr has no effect without include_resp_body",
            "plugins.file-logger.log_format: $request_body stays empty without include_req_body", "plugins.file-logger.log_format: $resp_body stays empty without include_resp_body",
        ]);
    }

    private Task<PluginGateway> StartAsync(string more, string answer, string fields = "")
    {
        byte[] body = Encoding.UTF8.GetBytes(answer);
        return PluginGateway.StartAsync(
            $$"""{"file-logger":{"path":"{{LogPath}}"{{more}}} }""",
            respond: async (peer, _) =>
            {
                await peer.SendAsync($"HTTP/1.1 200 OK\r\n{fields}Content-Length: {body.Length}\r\n\r\n");
                await peer.SendAsync(body);
            });
    }

    private static async Task<string> PostAsync(PluginGateway gateway, int version, string body, bool chunked, string query = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{gateway.Gateway.Port}/{query}") { Content = new StringContent(body) };
        request.Headers.TransferEncodingChunked = chunked;
        PluginAnswer answer = await gateway.SendAsync(version, request);
        answer.Status.ShouldBe(200);
        return answer.Body;
    }

    private async Task<JsonElement[]> EntriesAsync(int count) => [.. (await TextFile.LinesAsync(LogPath, count)).Select(line => JsonDocument.Parse(line).RootElement)];
}
