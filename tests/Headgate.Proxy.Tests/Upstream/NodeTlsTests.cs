using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Upstream;

public sealed class NodeTlsTests : IAsyncDisposable
{
    private static readonly TestCertificates Certificates = new();

    private readonly DeadlineWheel _wheel = new();
    private readonly NodeConnections _connections;
    private string? _sniSeen;

    public NodeTlsTests() => _connections = new NodeConnections(_wheel);

    public async ValueTask DisposeAsync()
    {
        await _connections.DisposeAsync();
        _wheel.Dispose();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Exchange_NotVerified_AnyCertificateWillDoAndTheConnectionIsKept(SslProtocols protocol)
    {
        await using ScriptedNode node = Start("other.test", protocol: protocol);

        for (int i = 0; i < 20; i++)
        {
            NodeConnection connection = await _connections.RentAsync(Endpoint(node, "a.test"), Profile());
            (await connection.GetAsync()).ShouldBe("hello");
            _connections.Return(connection, reusable: true);
        }

        node.Accepted.ShouldBe(1);
        _sniSeen.ShouldBe("a.test");
        node.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Exchange_LargeBodiesBothWays_Whole()
    {
        string body = new('x', 3_000_000);
        byte[] upload = Encoding.Latin1.GetBytes(body);
        await using ScriptedNode node = Start("a.test", script: async peer =>
        {
            for (int i = 0; i < 2; i++)
            {
                await peer.ReadHeadAsync();
                (await peer.ReadBytesAsync(upload.Length)).AsSpan().SequenceEqual(upload).ShouldBeTrue();
                await peer.AnswerAsync(body);
            }
        });
        EndpointState endpoint = Endpoint(node, "a.test");

        for (int i = 0; i < 2; i++)
        {
            NodeConnection connection = await _connections.RentAsync(endpoint, Profile());
            connection.Transport.Write("POST / HTTP/1.1\r\n\r\n"u8);
            for (int sent = 0; sent < upload.Length; sent += 30_000)
            {
                connection.Transport.Write(upload.AsSpan(sent, Math.Min(30_000, upload.Length - sent)));
                (await connection.Transport.FlushAsync()).ShouldBeTrue();
            }

            (await connection.Transport.ReadAnswerAsync()).ShouldBe(body);
            _connections.Return(connection, reusable: true);
        }

        node.Accepted.ShouldBe(1);
        node.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a.test", "a.test", true, true, AttemptFailure.None)]
    [InlineData("a.test", "b.test", true, true, AttemptFailure.TlsFailed)]
    [InlineData("a.test", "a.test", true, false, AttemptFailure.TlsFailed)]
    [InlineData("a.test", "b.test", false, false, AttemptFailure.None)]
    [InlineData("127.0.0.1", "127.0.0.1", true, true, AttemptFailure.None)]
    [InlineData("a.test", "127.0.0.1", true, true, AttemptFailure.TlsFailed)]
    public async Task Rent_CertificateAndName_AsVerifySays(string issuedFor, string host, bool verify, bool trusted, AttemptFailure expected)
    {
        await using ScriptedNode node = Start(issuedFor);
        ConnectionProfile profile = Profile(verify: verify, anchors: trusted ? [Certificates.AuthorityPem] : []);

        RentResult result = await _connections.RentAsync(Endpoint(node, host), profile, TimeoutConfig.Default.Connect, fresh: false);

        result.Failure.ShouldBe(expected);
        if (result.Connection is { } connection)
        {
            (await connection.GetAsync()).ShouldBe("hello");
            _sniSeen.ShouldBe(host == "127.0.0.1" ? "" : host);
            _connections.Return(connection, reusable: true);
        }
    }

    [Fact]
    public async Task Rent_ServerNameGiven_SentAndVerifiedInsteadOfTheHost()
    {
        await using ScriptedNode node = Start("rewritten.test");
        ConnectionProfile profile = Profile(verify: true, anchors: [Certificates.AuthorityPem]) with { ServerName = "rewritten.test" };

        NodeConnection connection = await _connections.RentAsync(Endpoint(node, "a.test"), profile);

        (await connection.GetAsync()).ShouldBe("hello");
        _sniSeen.ShouldBe("rewritten.test");
    }

    [Fact]
    public async Task Exchange_ClientCertificateGiven_TheNodeSeesIt()
    {
        string? subject = null;
        await using ScriptedNode node = Start("a.test", clientCertificate: true, script: async peer =>
        {
            subject = peer.Tls!.RemoteCertificate?.Subject;
            await peer.AnswerAllAsync("hello");
        });
        (string certificate, string key) = Certificates.IssuePem("client.test");
        ConnectionProfile profile = Profile() with { Tls = new UpstreamTlsConfig(certificate, key, false, []) };

        NodeConnection connection = await _connections.RentAsync(Endpoint(node, "a.test"), profile);

        (await connection.GetAsync()).ShouldBe("hello");
        subject.ShouldBe("CN=client.test");
    }

    [Fact]
    public async Task Exchange_ClientCertificateRequiredButNoneGiven_NoAnswer()
    {
        await using ScriptedNode node = Start("a.test", clientCertificate: true);

        RentResult result = await _connections.RentAsync(Endpoint(node, "a.test"), Profile(), TimeoutConfig.Default.Connect, fresh: false);

        // In TLS 1.3 the node refuses after the client's handshake is over: the connection stands, and then breaks.
        if (result.Connection is { } connection)
        {
            (await connection.GetAsync()).ShouldBeNull();
            _connections.Return(connection, reusable: false);
        }
        else
        {
            result.Failure.ShouldBe(AttemptFailure.TlsFailed);
        }
    }

    [Fact]
    public async Task Rent_DamagedClientCertificate_TlsFailed()
    {
        await using ScriptedNode node = Start("a.test");
        ConnectionProfile profile = Profile() with { Tls = new UpstreamTlsConfig("-----BEGIN CERTIFICATE-----", "no key", false, []) };

        RentResult result = await _connections.RentAsync(Endpoint(node, "a.test"), profile, TimeoutConfig.Default.Connect, fresh: false);

        result.Failure.ShouldBe(AttemptFailure.TlsFailed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rent_NodeSpeaksNoTls_TlsFailed(bool closes)
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            if (!closes)
            {
                await peer.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n");
                await peer.WaitForEndAsync();
            }
        });

        RentResult result = await _connections.RentAsync(Endpoint(node, "a.test"), Profile(), TimeoutConfig.Default.Connect, fresh: false);

        result.Failure.ShouldBe(AttemptFailure.TlsFailed);
        _connections.OpenCount.ShouldBe(0);
    }

    [Fact]
    public async Task Rent_NodeNeverAnswersTheHandshake_ConnectTimeout()
    {
        await using ScriptedNode node = ScriptedNode.Start(peer => peer.WaitForEndAsync());
        long begin = _wheel.NowMs;

        RentResult result = await _connections.RentAsync(Endpoint(node, "a.test"), Profile(), Exchanges.ConnectWithin(0.2), fresh: false);

        result.Failure.ShouldBe(AttemptFailure.ConnectTimeout);
        (_wheel.NowMs - begin).ShouldBeInRange(200, 5_000);
        await Eventually.HoldsAsync(() => node.Open == 0, "the node sees the end");
    }

    [Fact]
    public async Task Idle_NodeCloses_Noticed()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedNode node = Start("a.test", script: async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.AnswerAsync("hello");
            await go.Task;
        });
        NodeConnection connection = await _connections.RentAsync(Endpoint(node, "a.test"), Profile());
        (await connection.GetAsync()).ShouldBe("hello");
        _connections.Return(connection, reusable: true);
        _connections.OpenCount.ShouldBe(1);

        go.SetResult();

        await Eventually.HoldsAsync(() => _connections.OpenCount == 0, "the idle connection is gone");
    }

    private EndpointState? _endpoint;

    // One endpoint a test, so that pools are shared as they are in the gateway.
    private EndpointState Endpoint(ScriptedNode node, string host) =>
        _endpoint ??= new EndpointState(new NodeState(new NodeKey("upstreams/1", host, node.Port)), node.EndPoint);

    private static ConnectionProfile Profile(bool verify = false, params string[] anchors) =>
        new(true, null, new UpstreamTlsConfig(null, null, verify, [.. anchors]), KeepalivePoolConfig.Default);

    private ScriptedNode Start(
        string name, Func<ScriptedPeer, Task>? script = null, bool clientCertificate = false, SslProtocols protocol = SslProtocols.Tls13)
    {
        X509Certificate2 certificate = Certificates.Issue(name);
        var options = new SslServerAuthenticationOptions
        {
            EnabledSslProtocols = protocol,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
            ClientCertificateRequired = clientCertificate,
            RemoteCertificateValidationCallback = (_, shown, _, _) => !clientCertificate || shown is not null,
            ServerCertificateSelectionCallback = (_, sni) =>
            {
                _sniSeen = sni ?? "";
                return certificate;
            },
        };
        return ScriptedNode.StartTls(options, script ?? (peer => peer.AnswerAllAsync("hello")));
    }
}
