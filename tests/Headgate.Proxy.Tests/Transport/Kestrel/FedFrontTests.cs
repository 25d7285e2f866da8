using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Proxy.Transport.Loops;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Kestrel;

/// <summary>Connections that were accepted and looked at outside of Kestrel, and are served by it.</summary>
public sealed class FedFrontTests
{
    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray();

    private static CancellationToken Bound => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, "2.0")]
    [InlineData(true, "2.0")]
    [InlineData(true, "1.1")]
    [InlineData(false, "1.1")]
    public async Task HandedOver_RequestsAreServed_FromTheRealAddresses(bool tls, string version)
    {
        string? seen = null;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
            {
                seen = head;
                await peer.AnswerAsync(await NodeReading.BodyAsync(peer, head));
            }
        });
        using var authority = new TestCertificates();
        await using FedFront fed = await FedFront.StartAsync(node.Port, tls ? new ServerCertificate(authority.Issue("127.0.0.1")) : null);
        fed.Feed();
        using HttpClient client = Client(authority, Version.Parse(version));
        byte[] body = new byte[300_000];
        new Random(TestSeed.Value).NextBytes(body);
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage answer = await client.PostAsync($"{fed.Origin()}/x", new ByteArrayContent(body), Bound);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Version.ToString().ShouldBe(version);
            (await answer.Content.ReadAsByteArrayAsync(Bound)).ShouldBe(body);
        }

        seen.ShouldNotBeNull().ShouldContain($"X-Forwarded-Proto: {(tls ? "https" : "http")}\r\n");
        seen.ShouldContain($"X-Forwarded-Port: {new Uri(fed.Origin()).Port}\r\n");
        seen.ShouldContain("X-Forwarded-For: 127.0.0.1\r\n");
        fed.Verdicts.ShouldBe([version == "2.0" ? FirstBytesVerdict.Kestrel : FirstBytesVerdict.OwnLoop]);
        fed.Counters.ConnectionsAccepted.ShouldBe(1);
        fed.Counters.ConnectionsOpen.ShouldBe(1);
        client.Dispose();
        await Eventually.HoldsAsync(() => fed.Counters.ConnectionsOpen == 0, "counted out");
    }

    [Fact]
    public async Task Addresses_AreThoseThatAreBound_InTheirOrder()
    {
        await using FedFront fed = await FedFront.StartAsync(1, listeners: 3);
        fed.Front.Addresses.Select(a => a.Scheme).ShouldBe(["http", "http", "http"]);
        fed.Front.Addresses.Select(a => a.Port).Distinct().Count().ShouldBe(3);
        using Socket client = await ConnectAsync(fed, 2);
        using Socket accepted = await fed.AcceptAsync(2);
        ((IPEndPoint)accepted.LocalEndPoint!).Port.ShouldBe(fed.Front.Addresses[2].Port);
        fed.Counters.OnDisconnected();
    }

    [Fact]
    public async Task ConnectionsMax_IsNotCountedASecondTime()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using FedFront fed = await FedFront.StartAsync(node.Port, limits: new ProxyLimits { ConnectionsMax = 1 });
        for (int i = 0; i < 3; i++)
        {
            Socket client = await HandOverAsync(fed, Preface);
            (await client.ReceiveAsync(new byte[9], Bound)).ShouldBe(9);
        }

        fed.Counters.ConnectionsOpen.ShouldBe(3);
    }

    [Fact]
    public async Task Stop_StreamUnderWay_IsFinished_AndNothingIsTakenAfterwards()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            asked.SetResult();
            await go.Task;
            await peer.AnswerAsync("done");
        });
        using var authority = new TestCertificates();
        await using FedFront fed = await FedFront.StartAsync(node.Port, new ServerCertificate(authority.Issue("127.0.0.1")));
        fed.Feed();
        using HttpClient client = Client(authority, HttpVersion.Version20);
        Task<string> answer = client.GetStringAsync(fed.Origin(), Bound);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10), Bound);

        Task stopping = fed.Front.StopAsync(Bound);
        using var late = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        fed.Front.TryHandOver(0, late).ShouldBeFalse();
        stopping.IsCompleted.ShouldBeFalse();
        go.SetResult();
        (await answer).ShouldBe("done");
        await stopping.WaitAsync(TimeSpan.FromSeconds(10), Bound);
        await Eventually.HoldsAsync(() => fed.Counters.ConnectionsOpen == 0, "counted out");
    }

    [Theory]
    [InlineData("")]
    [InlineData("PRI * HTTP/2.0\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0")]
    public async Task Stop_ConnectionWithoutARequest_IsClosedAtOnce(string sent)
    {
        await using FedFront fed = await FedFront.StartAsync(1);
        using Socket client = await HandOverAsync(fed, Encoding.Latin1.GetBytes(sent));
        await fed.Front.StopAsync(Bound).WaitAsync(TimeSpan.FromSeconds(10), Bound);
        string rest = await GatewayUnderTest.ReadToEndAsync(client);
        rest.Length.ShouldBeLessThan(200);
        await Eventually.HoldsAsync(() => fed.Counters.ConnectionsOpen == 0, "counted out");
    }

    [Fact]
    public async Task Stop_StreamThatDoesNotEnd_IsCutOffWithTheToken()
    {
        await using ScriptedNode node = ScriptedNode.Start(peer => peer.WaitForEndAsync());
        await using FedFront fed = await FedFront.StartAsync(node.Port);
        fed.Feed();
        using var authority = new TestCertificates();
        using HttpClient client = Client(authority, HttpVersion.Version20);
        Task<string> answer = client.GetStringAsync(fed.Origin(), Bound);
        await Eventually.HoldsAsync(() => node.Open == 1, "asked");
        using var bound = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await fed.Front.StopAsync(bound.Token).WaitAsync(TimeSpan.FromSeconds(10), Bound);
        await Should.ThrowAsync<HttpRequestException>(() => answer);
        await Eventually.HoldsAsync(() => fed.Counters.ConnectionsOpen == 0, "counted out");
    }

    [Fact]
    public async Task FailedHandshake_IsCountedOut()
    {
        using var authority = new TestCertificates();
        await using FedFront fed = await FedFront.StartAsync(1, new ServerCertificate(authority.Issue("127.0.0.1")));
        using Socket client = await HandOverAsync(fed, "GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        await Eventually.HoldsAsync(() => fed.Counters.ConnectionsOpen == 0, "counted out");
        fed.Counters.ConnectionsAccepted.ShouldBe(1);
        await GatewayUnderTest.ReadToEndAsync(client);
    }

    /// <summary>Such a client is handed over because its offer cannot be seen: Kestrel must be able to serve it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(50)]
    [InlineData(200)]
    public async Task ClientHelloOverTwoRecords_IsServed(int first)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        using var authority = new TestCertificates();
        await using FedFront fed = await FedFront.StartAsync(node.Port, new ServerCertificate(authority.Issue("127.0.0.1")));
        fed.Feed();
        using HttpClient client = Client(authority, HttpVersion.Version20, handler => handler.ConnectCallback = async (_, _) => new CutHelloStream(await ConnectAsync(fed, 0), first));
        (await client.GetStringAsync(fed.Origin(), Bound)).ShouldBe("ok");
        fed.Verdicts.ShouldBe([FirstBytesVerdict.Kestrel]);
    }

    /// <summary>As an event loop does it: the socket was made by no Socket of .NET, and does not block.</summary>
    [Fact]
    public async Task DescriptorOfAnEventLoop_IsServed()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        using var authority = new TestCertificates();
        await using FedFront fed = await FedFront.StartAsync(node.Port, new ServerCertificate(authority.Issue("127.0.0.1")));
        using HttpClient client = Client(authority, HttpVersion.Version20);
        Task<string> answer = client.GetStringAsync(fed.Origin(), Bound);
        fed.Front.TryHandOver(0, await fed.AcceptDescriptorAsync()).ShouldBeTrue();
        (await answer).ShouldBe("ok");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientThatResetBefore_IsCountedOut(bool tls)
    {
        using var authority = new TestCertificates();
        await using FedFront fed = await FedFront.StartAsync(1, tls ? new ServerCertificate(authority.Issue("127.0.0.1")) : null);
        Socket client = await ConnectAsync(fed, 0);
        await client.SendAsync(Preface);
        client.LingerState = new LingerOption(true, 0);
        client.Dispose();
        fed.Front.TryHandOver(0, await fed.AcceptDescriptorAsync()).ShouldBeTrue();
        await Eventually.HoldsAsync(() => fed.Counters.ConnectionsOpen == 0, "counted out");
    }

    private static async Task<Socket> HandOverAsync(FedFront fed, byte[] sent)
    {
        Socket client = await ConnectAsync(fed, 0);
        await client.SendAsync(sent);
        fed.Front.TryHandOver(0, await fed.AcceptAsync()).ShouldBeTrue();
        return client;
    }

    private static async Task<Socket> ConnectAsync(FedFront fed, int listener)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, fed.Front.Addresses[listener].Port, Bound);
        return socket;
    }

    private static HttpClient Client(TestCertificates authority, Version version, Action<SocketsHttpHandler>? configure = null)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority.Authority);
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } };
        configure?.Invoke(handler);
        return new HttpClient(handler) { DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }
}
