using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>HTTP/2 by prior knowledge and by ALPN, through the same pipeline as HTTP/1.1.</summary>
public sealed class Http2Tests
{
    private static CancellationToken Bound => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    [InlineData(true, 1)]
    public async Task EveryFront_GetPostHeadAndErrors(bool tls, int version)
    {
        await using ScriptedNode node = EchoNode();
        await using Front front = await Front.StartAsync(tls, version, node.Port);

        HttpResponseMessage get = await front.SendAsync(System.Net.Http.HttpMethod.Get, "/a?b=c");
        get.Version.Major.ShouldBe(version);
        get.StatusCode.ShouldBe(HttpStatusCode.OK);
        get.Headers.Server.ToString().ShouldBe("Headgate/1.2.3");
        string seen = await get.Content.ReadAsStringAsync(Bound);
        seen.ShouldStartWith("GET /a?b=c HTTP/1.1\r\n");
        seen.ShouldContain($"X-Forwarded-Proto: {(tls ? "https" : "http")}\r\n");

        byte[] body = new byte[300_000];
        new Random(TestSeed.Value).NextBytes(body);
        HttpResponseMessage post = await front.SendAsync(System.Net.Http.HttpMethod.Post, "/echo", new ByteArrayContent(body));
        (await post.Content.ReadAsByteArrayAsync(Bound)).ShouldBe(body);

        HttpResponseMessage head = await front.SendAsync(System.Net.Http.HttpMethod.Head, "/head");
        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        head.Content.Headers.ContentLength.ShouldBe(1234);

        HttpResponseMessage none = await front.SendAsync(System.Net.Http.HttpMethod.Get, "/204");
        none.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        front.Gateway.Put(ResourceKind.Route, "gone", """{"uri":"/gone","upstream":{"nodes":{"127.0.0.1:1":1}}}""");
        HttpResponseMessage refused = await front.SendAsync(System.Net.Http.HttpMethod.Get, "/gone");
        refused.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        refused.Headers.GetValues("X-APISIX-Upstream-Status").ShouldBe(["502"]);

        front.Gateway.Put(ResourceKind.Route, "r", null);
        HttpResponseMessage missing = await front.SendAsync(System.Net.Http.HttpMethod.Get, "/");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await missing.Content.ReadAsStringAsync(Bound)).ShouldBe("{\"error_msg\":\"404 Route Not Found\"}\n");
        node.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task FieldValuesBeyondAscii_ComeThroughAsTheyAre()
    {
        string? seen = null;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            seen = await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Name: caf\u00c3\u00a9\r\n\r\n");
        });
        await using Front front = await Front.StartAsync(tls: false, 2, node.Port);
        HttpResponseMessage answer = await front.SendAsync(System.Net.Http.HttpMethod.Get, "/", configure: request => request.Headers.Add("X-Asked", "\u00c3\u00a9\u00ff"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("X-Name").ShouldBe(["caf\u00c3\u00a9"]);
        seen.ShouldNotBeNull().ToLowerInvariant().ShouldContain("x-asked: \u00e3\u00a9\u00ff\r\n".ToLowerInvariant());
    }

    [Fact]
    public async Task Cookies_SplitByTheClient_ReachTheNodeAsOneField()
    {
        string? seen = null;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            seen = await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 204 No Content\r\n\r\n");
        });
        await using Front front = await Front.StartAsync(tls: false, 2, node.Port);
        await front.SendAsync(System.Net.Http.HttpMethod.Get, "/", configure: request => request.Headers.Add("Cookie", ["a=1", "b=2"]));
        seen.ShouldNotBeNull().ShouldContain("ookie: a=1; b=2\r\n");
    }

    [Fact]
    public async Task BothWaysAtOnce_EachPieceArrivesBeforeTheNextIsSent()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 20; i++)
            {
                byte[] chunk = await peer.ReadBytesAsync("4\r\nping\r\n".Length);
                await peer.SendAsync(Encoding.Latin1.GetString(chunk).Replace("ping", "pong"));
            }

            await peer.ReadBytesAsync("0\r\n\r\n".Length);
            await peer.SendAsync("0\r\n\r\n");
        });
        await using Front front = await Front.StartAsync(tls: false, 2, node.Port);
        var upload = new PushedContent();
        HttpResponseMessage answer = await front.SendAsync(System.Net.Http.HttpMethod.Post, "/", upload);
        await using Stream down = await answer.Content.ReadAsStreamAsync(Bound);
        byte[] buffer = new byte[4];
        for (int i = 0; i < 20; i++)
        {
            await upload.SendAsync("ping"u8.ToArray());
            await down.ReadExactlyAsync(buffer, Bound);
            buffer.ShouldBe("pong"u8.ToArray());
        }

        upload.End();
        (await down.ReadAsync(buffer, Bound)).ShouldBe(0);
        node.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Trailers_OfTheNode_ReachTheClient()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: grpc-status\r\n\r\n1\r\nx\r\n0\r\ngrpc-status: 0\r\nX-Sum: 7\r\n\r\n");
        });
        await using Front front = await Front.StartAsync(tls: false, 2, node.Port);
        HttpResponseMessage answer = await front.SendAsync(System.Net.Http.HttpMethod.Get, "/");
        (await answer.Content.ReadAsStringAsync(Bound)).ShouldBe("x");
        answer.TrailingHeaders.GetValues("grpc-status").ShouldBe(["0"]);
        answer.TrailingHeaders.GetValues("X-Sum").ShouldBe(["7"]);
    }

    [Fact]
    public async Task CancelledStream_EndsTheNodesTry_OthersGoOn()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
            {
                if (head.StartsWith("GET /slow", StringComparison.Ordinal))
                {
                    asked.SetResult();
                    await peer.WaitForEndAsync();
                    ended.SetResult();
                    return;
                }

                await peer.AnswerAsync("quick");
            }
        });
        await using Front front = await Front.StartAsync(tls: false, 2, node.Port);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Bound);
        Task<HttpResponseMessage> slow = front.SendAsync(System.Net.Http.HttpMethod.Get, "/slow", cancellation: cancel.Token);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10), Bound);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => slow);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10), Bound);
        (await (await front.SendAsync(System.Net.Http.HttpMethod.Get, "/")).Content.ReadAsStringAsync(Bound)).ShouldBe("quick");
        await Eventually.HoldsAsync(() => front.Gateway.Plane.Counters.ClientsGone == 1, "one client gone");
        front.Gateway.Plane.Counters.ConnectionsAccepted.ShouldBe(1);
    }

    [Fact]
    public async Task EarlyAnswer_EndsTheStream_ThoughTheClientStillSends()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
            await peer.WaitForEndAsync();
        });
        await using Front front = await Front.StartAsync(tls: false, 2, node.Port);
        var upload = new PushedContent();
        HttpResponseMessage answer = await front.SendAsync(System.Net.Http.HttpMethod.Post, "/", upload);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync(Bound).WaitAsync(TimeSpan.FromSeconds(10), Bound)).ShouldBe("no");
        await Eventually.HoldsAsync(() => front.Gateway.Plane.Counters.RequestsByStatusClass(4) == 1, "the request has ended");
        upload.End();
    }

    [Fact]
    public async Task ClientThatStopsSending_IsEndedAfterBodyTimeout()
    {
        await using ScriptedNode node = ScriptedNode.Start(peer => peer.WaitForEndAsync());
        await using Front front = await Front.StartAsync(tls: false, 2, node.Port, new ProxyLimits { BodyTimeout = TimeSpan.FromMilliseconds(200) });
        var upload = new PushedContent();
        await Should.ThrowAsync<HttpRequestException>(() => front.SendAsync(System.Net.Http.HttpMethod.Post, "/", upload).WaitAsync(TimeSpan.FromSeconds(10), Bound));
        await Eventually.HoldsAsync(() => front.Gateway.Plane.NodeConnectionsOpen == 0, "the node's connection is closed");
        upload.End();
    }

    [Fact]
    public async Task NodeBreaksOffInBody_StreamIsReset()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
        });
        await using Front front = await Front.StartAsync(tls: false, 2, node.Port);
        await Should.ThrowAsync<HttpRequestException>(async () =>
        {
            HttpResponseMessage answer = await front.SendAsync(System.Net.Http.HttpMethod.Get, "/");
            await answer.Content.ReadAsStringAsync(Bound);
        });
    }

    [Fact]
    public async Task BodyAboveLimit_Is413()
    {
        await using ScriptedNode node = ScriptedNode.Start(peer => peer.WaitForEndAsync());
        await using Front front = await Front.StartAsync(tls: false, 2, node.Port, new ProxyLimits { BodyBytesMax = 1000 });
        (await front.SendAsync(System.Net.Http.HttpMethod.Post, "/", new ByteArrayContent(new byte[1001]))).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        var upload = new PushedContent();
        Task<HttpResponseMessage> answer = front.SendAsync(System.Net.Http.HttpMethod.Post, "/", upload);
        await upload.SendAsync(new byte[1001]);
        (await answer).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        upload.End();
    }

    [Fact]
    public async Task PrefaceByteByByte_IsHttp2()
    {
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        using Socket client = await gateway.ConnectAsync();
        byte[] preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];
        foreach (byte b in preface)
            await client.SendAsync(new[] { b });
        byte[] frame = new byte[9];
        for (int done = 0; done < frame.Length;)
        {
            int count = await client.ReceiveAsync(frame.AsMemory(done), Bound);
            count.ShouldBeGreaterThan(0);
            done += count;
        }

        frame[3].ShouldBe((byte)4); // SETTINGS
    }

    [Fact]
    public async Task ManyStreamsAtOnce_AreAllAnswered()
    {
        await using ScriptedNode node = EchoNode();
        await using Front front = await Front.StartAsync(tls: true, 2, node.Port);
        byte[] body = new byte[20_000];
        new Random(TestSeed.Value).NextBytes(body);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            HttpResponseMessage answer = await front.SendAsync(System.Net.Http.HttpMethod.Post, "/echo", new ByteArrayContent(body));
            (await answer.Content.ReadAsByteArrayAsync(Bound)).ShouldBe(body);
        }));
        node.Errors.ShouldBeEmpty();
    }

    /// <summary>Answers GET with the head it saw and POST with the body.</summary>
    private static ScriptedNode EchoNode() => ScriptedNode.Start(async peer =>
    {
        while (await peer.ReadHeadAsync() is { } head)
        {
            if (head.StartsWith("POST", StringComparison.Ordinal))
                await peer.AnswerAsync(await NodeReading.BodyAsync(peer, head));
            else if (head.StartsWith("HEAD", StringComparison.Ordinal))
                await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
            else if (head.StartsWith("GET /204", StringComparison.Ordinal))
                await peer.SendAsync("HTTP/1.1 204 No Content\r\n\r\n");
            else
                await peer.AnswerAsync(head);
        }
    });

    /// <summary>A gateway with one upstream, and a client of one version of HTTP.</summary>
    private sealed class Front : IAsyncDisposable
    {
        private readonly HttpClient _client;
        private readonly int _version;
        private readonly string _origin;

        private Front(GatewayUnderTest gateway, bool tls, int version)
        {
            Gateway = gateway;
            _version = version;
            _origin = $"{(tls ? "https" : "http")}://127.0.0.1:{gateway.Port}";
            var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null } };
            handler.RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1;
            handler.ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1;
            _client = new HttpClient(handler);
        }

        public GatewayUnderTest Gateway { get; }

        public static async Task<Front> StartAsync(bool tls, int version, int nodePort, ProxyLimits? limits = null)
        {
            using var authority = new TestCertificates();
            using X509Certificate2? issued = tls ? authority.Issue("127.0.0.1") : null;
            X509Certificate2? certificate = issued is null ? null : X509CertificateLoader.LoadPkcs12(issued.Export(X509ContentType.Pkcs12), null);
            GatewayUnderTest gateway = await GatewayUnderTest.StartAsync(limits, certificate);
            gateway.PutUpstream("u", [nodePort]);
            gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
            return new Front(gateway, tls, version);
        }

        public Task<HttpResponseMessage> SendAsync(
            System.Net.Http.HttpMethod method, string path, HttpContent? content = null, Action<HttpRequestMessage>? configure = null, CancellationToken cancellation = default)
        {
            var request = new HttpRequestMessage(method, _origin + path)
            {
                Version = new Version(_version, _version == 1 ? 1 : 0),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = content,
            };
            configure?.Invoke(request);
            return _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation == default ? Bound : cancellation);
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await Gateway.DisposeAsync();
        }
    }

    /// <summary>A body of unknown length that the test sends piece by piece.</summary>
    private sealed class PushedContent : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task SendAsync(byte[] piece)
        {
            Stream stream = await _stream.Task;
            await stream.WriteAsync(piece, Bound);
            await stream.FlushAsync(Bound);
        }

        public void End() => _end.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync(Bound);
            _stream.SetResult(stream);
            await _end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
