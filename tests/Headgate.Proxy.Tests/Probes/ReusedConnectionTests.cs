using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Headgate.Core.Config;
using Headgate.Proxy.Probes;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Probes;

/// <summary>Probes with <c>reuse_connection</c>: one connection while both sides keep it, and never a failure because it had ended.</summary>
public sealed class ReusedConnectionTests
{
    private static readonly ActiveCheckConfig Reusing = new() { Timeout = TimeSpan.FromSeconds(20), ReusesConnection = true };
    private static readonly HealthFinding Ok = new(AttemptFailure.None, 200);

    public static TheoryData<bool> Engines => [true, false];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Run_NodeKeepsTheConnection_OneForAllProbes(bool onLoop)
    {
        var heads = new ConcurrentQueue<string>();
        await using var prober = new ProberUnderTest(onLoop);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
            {
                heads.Enqueue(head);
                await peer.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
                await peer.SendAsync("0\r\nX: y\r\n\r\n");
            }
        });
        ProbedNode probed = ProberUnderTest.NodeAt(node.EndPoint, Reusing);

        for (int i = 0; i < 20; i++)
            (await prober.ProbeAsync(probed)).ShouldBe(Ok);

        node.Accepted.ShouldBe(1);
        heads.Distinct().ShouldBe(["GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"]);
        probed.Drop();
        await Eventually.HoldsAsync(() => node.Open == 0, "the connection's end with the node's");
    }

    [Theory]
    [InlineData(true, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")]
    [InlineData(false, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")]
    [InlineData(true, "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData(true, "HTTP/1.1 200 OK\r\n\r\nuntil the end")]
    [InlineData(true, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")]
    [InlineData(true, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc")]
    public async Task Run_ConnectionThatCannotBeKept_ANewOneEachTime(bool onLoop, string answer)
    {
        await using var prober = new ProberUnderTest(onLoop);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is not null)
                await peer.SendAsync(answer);
        });
        ProbedNode probed = ProberUnderTest.NodeAt(node.EndPoint, Reusing);

        for (int i = 0; i < 3; i++)
            (await prober.ProbeAsync(probed)).ShouldBe(Ok);

        node.Accepted.ShouldBe(3);
        await Eventually.HoldsAsync(() => node.Open == 0, "their end");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Run_NodeClosesTheIdleConnection_IsNoFailure(bool onLoop)
    {
        await using var prober = new ProberUnderTest(onLoop);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.AnswerAsync("one each");
        });
        ProbedNode probed = ProberUnderTest.NodeAt(node.EndPoint, Reusing);

        for (int i = 0; i < 30; i++)
            (await prober.ProbeAsync(probed)).ShouldBe(Ok);

        node.Accepted.ShouldBe(30);
        probed.Drop();
        (await prober.OpenAsync()).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Run_NodeClosesWhenAsked_IsAskedAgainOnANewConnection(bool onLoop)
    {
        await using var prober = new ProberUnderTest(onLoop);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.AnswerAsync("x");
            await peer.ReadHeadAsync(); // the second request gets nothing: the node had decided to close
            peer.Reset();
        });
        ProbedNode probed = ProberUnderTest.NodeAt(node.EndPoint, Reusing);

        for (int i = 0; i < 4; i++)
            (await prober.ProbeAsync(probed)).ShouldBe(Ok);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Run_NodeHangsOnAKeptConnection_IsATimeout(bool onLoop)
    {
        await using var prober = new ProberUnderTest(onLoop);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.AnswerAsync("x");
            await peer.IgnoreAsync();
        });
        ProbedNode probed = ProberUnderTest.NodeAt(node.EndPoint, Reusing with { Timeout = TimeSpan.FromSeconds(1) });

        (await prober.ProbeAsync(probed)).ShouldBe(Ok);
        (await prober.ProbeAsync(probed)).Failure.ShouldBe(AttemptFailure.ReadTimeout);
        (await prober.ProbeAsync(probed)).ShouldBe(Ok);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Run_Https_ShakesHandsOnce(bool onLoop)
    {
        await using var prober = new ProberUnderTest(onLoop);
        using var authority = new TestCertificates();
        using X509Certificate2 certificate = authority.Issue("localhost");
        await using ScriptedNode node = ScriptedNode.StartTls(new SslServerAuthenticationOptions { ServerCertificate = certificate }, peer => peer.AnswerAllAsync("a"));
        ProbedNode probed = ProberUnderTest.NodeAt(node.EndPoint, Reusing with { Type = HealthCheckType.Https });

        for (int i = 0; i < 5; i++)
            (await prober.ProbeAsync(probed)).ShouldBe(Ok);

        node.Accepted.ShouldBe(1);
        probed.Drop();
    }

    [Fact]
    public async Task Keep_NodeThatIsGone_IsClosed()
    {
        await using var prober = new ProberUnderTest(onLoop: true);
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        ProbedNode probed = ProberUnderTest.NodeAt(node.EndPoint, Reusing);
        probed.Drop();

        (await prober.ProbeAsync(probed)).ShouldBe(Ok);

        await Eventually.HoldsAsync(() => node.Open == 0, "its end");
        (await prober.OpenAsync()).ShouldBe(0);
    }
}
