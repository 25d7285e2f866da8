using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Headgate.Core.Config;
using Headgate.Proxy.Probes;
using Headgate.Proxy.Tests.Upstream;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Probes;

/// <summary>What a probe finds, on the event loop and on the thread pool alike: the same of the same node.</summary>
public sealed class ProberTests
{
    private static readonly ActiveCheckConfig Quick = new() { Timeout = TimeSpan.FromMilliseconds(200) };
    private static readonly ActiveCheckConfig Short = new() { Timeout = TimeSpan.FromSeconds(1) }; // but long enough to connect on a busy machine
    private static readonly ActiveCheckConfig Patient = new() { Timeout = TimeSpan.FromSeconds(20) };

    public static TheoryData<bool> Engines => [true, false];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Run_Refused_IsSaid(bool onLoop)
    {
        await using var prober = new ProberUnderTest(onLoop);
        int port = ScriptedNode.RefusingPort(out IDisposable holder);
        using IDisposable held = holder;

        (await prober.ProbeAsync(ProberUnderTest.NodeAt("127.0.0.1", port, Patient))).ShouldBe(new HealthFinding(AttemptFailure.Refused, 0));
        (await prober.ProbeAsync(ProberUnderTest.NodeAt("127.0.0.1", port, Patient with { Type = HealthCheckType.Tcp }))).ShouldBe(new HealthFinding(AttemptFailure.Refused, 0));
        (await prober.OpenAsync()).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Run_NobodyAnswersTheConnect_ConnectTimeout(bool onLoop)
    {
        await using var prober = new ProberUnderTest(onLoop);
        using FullListener full = await FullListener.StartAsync();

        (await prober.ProbeAsync(ProberUnderTest.NodeAt(full.EndPoint, Quick))).Failure.ShouldBe(AttemptFailure.ConnectTimeout);
        (await prober.OpenAsync()).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Run_NameThatResolvesToNothing_Unresolved(bool onLoop)
    {
        await using var prober = new ProberUnderTest(onLoop);

        (await prober.ProbeAsync(ProberUnderTest.NodeAt("nowhere.invalid", 1, Quick))).Failure.ShouldBe(AttemptFailure.Unresolved);
    }

    [Theory]
    [InlineData(true, "hang", AttemptFailure.ReadTimeout, 0)]
    [InlineData(false, "hang", AttemptFailure.ReadTimeout, 0)]
    [InlineData(true, "half", AttemptFailure.ReadTimeout, 0)]
    [InlineData(false, "half", AttemptFailure.ReadTimeout, 0)]
    [InlineData(true, "close", AttemptFailure.ClosedBeforeAnswer, 0)]
    [InlineData(false, "close", AttemptFailure.ClosedBeforeAnswer, 0)]
    [InlineData(true, "reset", AttemptFailure.ClosedBeforeAnswer, 0)]
    [InlineData(false, "reset", AttemptFailure.ClosedBeforeAnswer, 0)]
    [InlineData(true, "garbage", AttemptFailure.BadAnswer, 0)]
    [InlineData(false, "garbage", AttemptFailure.BadAnswer, 0)]
    [InlineData(true, "interim", AttemptFailure.None, 503)]
    [InlineData(false, "interim", AttemptFailure.None, 503)]
    [InlineData(true, "slow", AttemptFailure.None, 200)]
    [InlineData(false, "slow", AttemptFailure.None, 200)]
    public async Task Run_NodeMisbehaves_IsSaid(bool onLoop, string how, AttemptFailure failure, int status)
    {
        await using var prober = new ProberUnderTest(onLoop);
        await using ScriptedNode node = ScriptedNode.Start(peer => BehaveAsync(peer, how));

        HealthFinding finding = await prober.ProbeAsync(ProberUnderTest.NodeAt(node.EndPoint, failure == AttemptFailure.ReadTimeout ? Short : Patient));

        finding.ShouldBe(new HealthFinding(failure, status));
        (await prober.OpenAsync()).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Run_LargeBodySentToANodeThatTakesNothing_SendTimeout(bool onLoop)
    {
        await using var prober = new ProberUnderTest(onLoop);
        await using ScriptedNode node = ScriptedNode.Start(peer => peer.IgnoreAsync());

        HealthFinding finding = await prober.ProbeAsync(ProberUnderTest.NodeAt(node.EndPoint, Short with { Method = "POST", Body = new string('x', 16_000_000) }));

        finding.Failure.ShouldBe(AttemptFailure.SendTimeout);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Run_LargeBody_ArrivesWhole(bool onLoop)
    {
        await using var prober = new ProberUnderTest(onLoop);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            (await peer.ReadBytesAsync(3_000_000)).ShouldAllBe(b => b == 'x');
            await peer.AnswerAsync("ok");
        });

        HealthFinding finding = await prober.ProbeAsync(ProberUnderTest.NodeAt(node.EndPoint, Patient with { Method = "POST", Body = new string('x', 3_000_000) }));

        finding.ShouldBe(new HealthFinding(AttemptFailure.None, 200));
        node.Errors.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Run_HttpsOfAClearTextNode_TlsFailed(bool onLoop)
    {
        await using var prober = new ProberUnderTest(onLoop);
        await using ScriptedNode node = ScriptedNode.Start(async peer => await peer.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"));

        (await prober.ProbeAsync(ProberUnderTest.NodeAt(node.EndPoint, Patient with { Type = HealthCheckType.Https }))).Failure.ShouldBe(AttemptFailure.TlsFailed);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Run_Https_ChecksTheCertificateForTheCheckedHost(bool onLoop)
    {
        await using var prober = new ProberUnderTest(onLoop);
        using var authority = new TestCertificates();
        using X509Certificate2 certificate = authority.Issue("probe.test");
        await using ScriptedNode node = ScriptedNode.StartTls(new SslServerAuthenticationOptions { ServerCertificate = certificate }, peer => peer.AnswerAllAsync("a"));
        ActiveCheckConfig checks = Patient with { Type = HealthCheckType.Https };
        var tls = new UpstreamTlsConfig(null, null, true, [authority.AuthorityPem]);

        (await prober.ProbeAsync(ProberUnderTest.NodeAt(node.EndPoint, checks with { Host = "probe.test" }, tls))).ShouldBe(new HealthFinding(AttemptFailure.None, 200));
        (await prober.ProbeAsync(ProberUnderTest.NodeAt(node.EndPoint, checks with { Host = "other.test" }, tls))).Failure.ShouldBe(AttemptFailure.TlsFailed);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Run_Https_PresentsTheUpstreamsCertificate(bool onLoop)
    {
        await using var prober = new ProberUnderTest(onLoop);
        using var authority = new TestCertificates();
        using X509Certificate2 certificate = authority.Issue("localhost");
        (string own, string key) = authority.IssuePem("prober.test");
        string? seen = null;
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            ClientCertificateRequired = true,
#pragma warning disable CA5359 // The test looks at it itself.
            RemoteCertificateValidationCallback = (_, presented, _, _) =>
            {
                seen = presented?.Subject;
                return true;
            },
#pragma warning restore CA5359
        };
        await using ScriptedNode node = ScriptedNode.StartTls(options, peer => peer.AnswerAllAsync("a"));

        HealthFinding finding = await prober.ProbeAsync(
            ProberUnderTest.NodeAt(node.EndPoint, Patient with { Type = HealthCheckType.Https }, new UpstreamTlsConfig(own, key, false, [])));

        (finding, seen).ShouldBe((new HealthFinding(AttemptFailure.None, 200), "CN=prober.test"));
    }

    private static async Task BehaveAsync(ScriptedPeer peer, string how)
    {
        if (how == "hang")
            await peer.IgnoreAsync();
        await peer.ReadHeadAsync();
        switch (how)
        {
            case "half":
                await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Len");
                await peer.IgnoreAsync();
                break;
            case "reset":
                peer.Reset();
                break;
            case "garbage":
                await peer.SendAsync("SSH-2.0-nothing\r\n\r\n");
                break;
            case "interim":
                await peer.SendAsync("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 503 Down\r\n\r\n");
                break;
            case "slow":
                foreach (char c in "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                    await peer.SendAsync(c.ToString());
                break;
        }
    }
}
