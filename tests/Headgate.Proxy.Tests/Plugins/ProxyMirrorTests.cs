using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Headgate.Proxy.Calls;
using Headgate.Proxy.Plugins.ProxyMirror;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>proxy-mirror</c> through the whole gateway, with a server for the copies.</summary>
public sealed class ProxyMirrorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Request_IsCopied_AsTheNodeGetsIt(int version)
    {
        await using var mirror = new MirrorServer();
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            $$"""{"proxy-mirror":{"host":"{{mirror.Url}}"},"proxy-rewrite":{"uri":"/elsewhere","method":"PUT","headers":{"set":{"X-Set":"$arg_c"},"remove":["X-Gone"]} } }""");
        PluginAnswer answer = await gateway.GetAsync(version, "/~b//c?c=d&e", ("X-Gone", "1"), ("X-Two", "1"), ("X-Two", "2"));
        answer.Status.ShouldBe(200);
        (string head, string body) = (await mirror.TakeAsync(1))[0];
        head.ShouldStartWith("PUT /~b//c?c=d&e HTTP/1.1\r\n");
        body.ShouldBe("");
        string[] seen = Lines(answer.Body), copied = Lines(head);
        copied.Except(["Content-Length: 0"]).ShouldBe(seen, ignoreOrder: true);
        seen.ShouldContain("X-Set: d");
        seen.ShouldContain($"Host: 127.0.0.1:{gateway.Gateway.Port}");
    }

    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(1, 5, true)]
    [InlineData(1, 300_000, false)]
    [InlineData(1, 300_000, true)]
    [InlineData(2, 5, false)]
    [InlineData(2, 300_000, true)]
    public async Task Body_IsCopied(int version, int length, bool chunked)
    {
        await using var mirror = new MirrorServer();
        await using PluginGateway gateway = await StartAsync(mirror, "");
        string body = Encoding.ASCII.GetString(NodeBodies.Make(length));
        for (int i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{gateway.Gateway.Port}/a") { Content = new StringContent(body, Encoding.UTF8, "text/x") };
            request.Headers.TransferEncodingChunked = chunked && version == 1;
            (await gateway.SendAsync(version, request)).Status.ShouldBe(200);
        }

        gateway.Bodies.ShouldBe([body, body]);
        foreach ((string head, string copied) in await mirror.TakeAsync(2))
        {
            copied.ShouldBe(body);
            head.ShouldContain("content-type: text/x; charset=utf-8\r\n", Case.Insensitive);
            head.ShouldContain($"Content-Length: {length}\r\n");
        }
    }

    [Theory]
    [InlineData("""  ,"path":"/copies" """, "/copies?c=d")]
    [InlineData("""  ,"path":"/copies","path_concat_mode":"replace" """, "/copies?c=d")]
    [InlineData("""  ,"path":"/copies","path_concat_mode":"prefix" """, "/copies/a/b?c=d")]
    [InlineData("", "/a/b?c=d")]
    public async Task Path_ReplacesOrPrecedesTheRequests(string more, string target)
    {
        await using var mirror = new MirrorServer();
        await using PluginGateway gateway = await StartAsync(mirror, more);
        (await gateway.GetAsync(1, "/a/b?c=d")).Status.ShouldBe(200);
        (await mirror.TakeAsync(1))[0].Head.ShouldStartWith($"GET {target} HTTP/1.1\r\n");
        (await gateway.GetAsync(2, "/a")).Status.ShouldBe(200);
        (await mirror.TakeAsync(1))[0].Head.ShouldStartWith($"GET {target.Replace("/b?c=d", "", StringComparison.Ordinal).Replace("?c=d", "", StringComparison.Ordinal)} HTTP/1.1\r\n");
    }

    [Theory]
    [InlineData("pass", "a.test")]
    [InlineData("rewrite", "b.test")]
    [InlineData("node", null)]
    public async Task Host_IsTheNodes_AndTheServersWhereItIsTheNodesOwn(string passHost, string? host)
    {
        await using var mirror = new MirrorServer();
        await using PluginGateway gateway = await StartAsync(mirror, "");
        gateway.Gateway.PutUpstream("u", [gateway.NodePort], $$""","pass_host":"{{passHost}}","upstream_host":"b.test" """);
        (await gateway.Gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 200 ");
        (await mirror.TakeAsync(1))[0].Head.ShouldContain($"\r\nHost: {host ?? mirror.Url["http://".Length..]}\r\n");
    }

    [Theory]
    [InlineData("never")]
    [InlineData("reset")]
    [InlineData("what?\r\n\r\n")]
    [InlineData("HTTP/1.1 500 X\r\nContent-Length: 10\r\n\r\nshort")]
    public async Task ServerHungOrBroken_TheClientNoticesNothing(string script)
    {
        await using var mirror = new MirrorServer(script);
        await using PluginGateway gateway = await StartAsync(mirror, "");
        for (int i = 0; i < 20; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{gateway.Gateway.Port}/a") { Content = new StringContent("hello") };
            PluginAnswer answer = await gateway.SendAsync(1 + (i % 2), request);
            answer.Status.ShouldBe(200);
        }

        gateway.Requests.ShouldBe(20);
    }

    [Fact]
    public async Task ServerNotThere_IsLoggedOnce_AndWhenItIsAgain()
    {
        var written = new WrittenLines();
        int port = ScriptedNode.RefusingPort(out IDisposable holder);
        var target = new MirrorTarget($"http://127.0.0.1:{port}", CallClients.Make(new CallTerms(false, true, TimeSpan.FromSeconds(60))), written);
        await SendAsync();
        await SendAsync();
        written.Lines.Count(line => line.Contains("Copies of requests do not arrive at http://127.0.0.1:")).ShouldBe(1);
        holder.Dispose();
        await using ScriptedNode node = ScriptedNode.Start(peer => peer.AnswerAllAsync("ok"), port: port);
        await SendAsync();
        await SendAsync();
        written.Lines.Count(line => line.Contains("again")).ShouldBe(1);

        async Task SendAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, target.Url("/"));
            await target.SendAsync(request);
        }
    }

    [Fact]
    public async Task BodyIsWhole_TheCopyDoesNotWaitForTheAnswer()
    {
        await using var mirror = new MirrorServer();
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await NodeReading.BodyAsync(peer, (await peer.ReadHeadAsync())!);
            await mirror.TakeAsync(1);
            await peer.AnswerAsync("ok");
        });
        await using PluginGateway gateway = await StartAsync(mirror, "");
        gateway.Gateway.PutUpstream("u", [node.Port]);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{gateway.Gateway.Port}/a") { Content = new StringContent("hello") };
        (await gateway.SendAsync(1, request)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task WhatReachesNoNode_IsNotCopied_AndWhatIsTriedTwiceIsCopiedOnce()
    {
        await using var mirror = new MirrorServer();
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"proxy-mirror":{"host":"{{mirror.Url}}"},"key-auth":{"_meta":{"filter":[["uri","==","/refused"]]} } }""");
        (await gateway.GetAsync(1, "/refused")).Status.ShouldBe(401);
        const string head = "POST /broken HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
        (await gateway.Gateway.SendRawAsync(head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n")).ShouldStartWith("HTTP/1.1 400 ");
        await gateway.Gateway.SendRawAsync(head + "Content-Length: 10\r\n\r\nhello", finish: true);

        await using ScriptedNode dying = ScriptedNode.Start(async peer => await peer.ReadHeadAsync());
        gateway.Gateway.PutUpstream("u", [dying.Port, gateway.NodePort]);
        (await gateway.GetAsync(1, "/a")).Status.ShouldBe(200);
        (await gateway.GetAsync(1, "/b")).Status.ShouldBe(200);
        (await mirror.TakeAsync(2)).Select(copy => copy.Head.Split(' ')[1]).ShouldBe(["/a", "/b"], ignoreOrder: true);
        mirror.Count.ShouldBe(0);
    }

    [Fact]
    public async Task SampleRatio_CopiesAPart()
    {
        await using var mirror = new MirrorServer();
        await using PluginGateway gateway = await StartAsync(mirror, ""","sample_ratio":0.5""");
        for (int i = 0; i < 100; i++)
            (await gateway.GetAsync(1)).Status.ShouldBe(200);
        await mirror.TakeAsync(20); // 50 on average, with a standard deviation of 5
        gateway.Put($$"""{"proxy-mirror":{"host":"{{mirror.Url}}","sample_ratio":0.00001} }""");
        int before = mirror.Seen;
        for (int i = 0; i < 50; i++)
            (await gateway.GetAsync(1)).Status.ShouldBe(200);
        mirror.Seen.ShouldBeLessThan(100);
        before.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Https_IsSpoken_WithoutVerification()
    {
        var seen = new TaskCompletionSource<string>();
        using var authority = new TestCertificates();
        using X509Certificate2 certificate = authority.Issue("mirror.test");
        await using ScriptedNode node = ScriptedNode.StartTls(
            new SslServerAuthenticationOptions { ServerCertificate = certificate },
            async peer =>
            {
                seen.TrySetResult((await peer.ReadHeadAsync())!);
                await peer.AnswerAsync("ok");
            });
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"proxy-mirror":{"host":"https://127.0.0.1:{{node.Port}}"} }""");
        (await gateway.GetAsync(1, "/a")).Status.ShouldBe(200);
        (await seen.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).ShouldStartWith("GET /a HTTP/1.1\r\n");
    }

    [Fact]
    public void Bounds_DropWhatIsMore_AndSayItOnceAMinute()
    {
        var time = new ManualTimeProvider();
        var written = new WrittenLines();
        var bounds = new MirrorBounds(written, time, underWayMax: 2, bytesMax: 50_000);
        MirrorTarget target = Target();
        MirrorCopy first = bounds.TryBegin(target)!, second = bounds.TryBegin(target)!;
        bounds.TryBegin(target).ShouldBeNull();
        bounds.TryBegin(target).ShouldBeNull();
        (bounds.UnderWay, bounds.Dropped).ShouldBe((2, 2));
        written.Lines.ShouldHaveSingleItem().ShouldStartWith("1660 1 copies of requests were dropped");
        time.Advance(TimeSpan.FromMinutes(1));

        first.Begin(target, "/"u8, default);
        first.OnRun(new byte[20_000]);
        bounds.Bytes.ShouldBeGreaterThanOrEqualTo(20_000);
        first.OnRun(new byte[40_000]);
        first.OnRun(new byte[1]);
        bounds.Dropped.ShouldBe(3);
        written.Lines.Last().ShouldStartWith("1660 2 copies of requests were dropped");
        first.OnEnd(isWhole: true);
        second.Drop();
        (bounds.UnderWay, bounds.Bytes).ShouldBe((0, 0));
        bounds.TryBegin(target).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("{}", "property \"host\" is required")]
    [InlineData("""{"host":"grpc://a:1"}""", "property \"host\" validation failed: the scheme of \"grpc://a:1\" is not there: copies are sent by HTTP/1.1; allowed: http, https")]
    [InlineData("""{"host":"grpcs://a:1"}""", "the scheme of \"grpcs://a:1\" is not there")]
    [InlineData("""{"host":"a:1"}""", "property \"host\" validation failed: failed to match pattern")]
    [InlineData("""{"host":"http://a/b"}""", "property \"host\" validation failed: failed to match pattern")]
    [InlineData("""{"host":"http://a:99999"}""", "\"http://a:99999\" is no URL")]
    [InlineData("""{"host":"http://a","path":"/"}""", "property \"path\" validation failed: failed to match pattern \"^/[^?&]+$\" with \"/\"")]
    [InlineData("""{"host":"http://a","path":"/a?b"}""", "property \"path\" validation failed: failed to match pattern")]
    [InlineData("""{"host":"http://a","path":"/a b"}""", "property \"path\" validation failed: failed to match pattern")]
    [InlineData("""{"host":"http://a","path":"/a","path_concat_mode":"suffix"}""", "property \"path_concat_mode\" validation failed: matches none of the enum values")]
    [InlineData("""{"host":"http://a","sample_ratio":0}""", "property \"sample_ratio\" validation failed: expected 0 to be at least 1e-05")]
    [InlineData("""{"host":"http://a","sample_ratio":2}""", "property \"sample_ratio\" validation failed: expected 2 to be at most 1")]
    [InlineData("""{"host":"http://a","ratio":1}""", "additional properties forbidden, found ratio")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("proxy-mirror", config, text);

    private static Task<PluginGateway> StartAsync(MirrorServer mirror, string more) => PluginGateway.StartAsync($$"""{"proxy-mirror":{"host":"{{mirror.Url}}"{{more}} } }""");

    private static MirrorTarget Target() => new("http://127.0.0.1:1", CallClients.Make(new CallTerms(false, true, TimeSpan.FromSeconds(60))), NullLogger.Instance);

    private static string[] Lines(string head) => head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..];

    /// <summary>Takes copies. <c>never</c> and <c>reset</c> say what it does instead of answering.</summary>
    private sealed class MirrorServer : IAsyncDisposable
    {
        private readonly ScriptedNode _node;
        private readonly ConcurrentQueue<(string Head, string Body)> _copies = new();
        private int _seen;

        public MirrorServer(string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") => _node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
            {
                string body = head.Contains("\r\ncontent-length: ", StringComparison.OrdinalIgnoreCase) ? await NodeReading.BodyAsync(peer, head) : "";
                Interlocked.Increment(ref _seen);
                _copies.Enqueue((head, body));
                if (answer == "never")
                    await peer.IgnoreAsync();
                if (answer == "reset")
                {
                    peer.Reset();
                    return;
                }

                await peer.SendAsync(answer);
                if (answer.EndsWith("short", StringComparison.Ordinal))
                    return;
            }
        });

        public string Url => $"http://127.0.0.1:{_node.Port}";

        public int Count => _copies.Count;

        public int Seen => Volatile.Read(ref _seen);

        /// <summary>That many copies, when they have come.</summary>
        public async Task<(string Head, string Body)[]> TakeAsync(int count)
        {
            await Eventually.HoldsAsync(() => _copies.Count >= count, "the copies come");
            return [.. Enumerable.Range(0, count).Select(_ => _copies.TryDequeue(out (string, string) copy) ? copy : throw new InvalidOperationException("taken by another"))];
        }

        public ValueTask DisposeAsync() => _node.DisposeAsync();
    }
}
