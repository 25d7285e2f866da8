using System.Security.Cryptography.X509Certificates;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Probes;
using Headgate.Proxy.Tests.Upstream;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Probes;

/// <summary>Probes of type grpc against real HTTP/2 servers.</summary>
public sealed class GrpcProberTests
{
    private static readonly ActiveCheckConfig Grpc = new() { Type = HealthCheckType.Grpc, Timeout = TimeSpan.FromSeconds(20) };

    public static TheoryData<bool> Engines => [true, false];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Run_Serving_IsASuccess(bool onLoop)
    {
        await using var prober = new ProberUnderTest(onLoop);
        await using GrpcHealthNode node = await GrpcHealthNode.StartAsync();
        ActiveCheckConfig checks = Grpc with { GrpcServiceName = "shop.Cart", Host = "cart.test", Headers = ["X-Who: probe"] };

        HealthFinding finding = await prober.ProbeAsync(ProberUnderTest.NodeAt(node.EndPoint, checks));

        finding.Judge(checks).ShouldBe(HealthEvent.Success);
        finding.ToString().ShouldBe("the gRPC health service says SERVING");
        (_, string authority, string who, string message) = node.Asked.ShouldHaveSingleItem();
        (authority, who).ShouldBe(($"cart.test:{node.EndPoint.Port}", "probe"));
        message.ShouldBe("000000000B" + "0A09" + Convert.ToHexString("shop.Cart"u8));
    }

    [Theory]
    [InlineData("00000000020802", "0", "the gRPC health service says NOT_SERVING")]
    [InlineData("00000000020803", "0", "the gRPC health service says SERVICE_UNKNOWN")]
    [InlineData("0000000000", "0", "the gRPC health service says UNKNOWN")]
    [InlineData(null, "12", "the gRPC health service answered with status 12 (UNIMPLEMENTED)")]
    [InlineData("00000000020801", "5", "the gRPC health service answered with status 5 (NOT_FOUND)")]
    [InlineData("00000000020801", "99", "the gRPC health service answered with status 99")]
    [InlineData("00000000020801", null, "the answer has no gRPC status")]
    [InlineData("00000000030801", "0", "the answer is no message of the gRPC health service")]
    public async Task Run_AnythingElse_IsAnHttpFailureWithItsReason(string? body, string? status, string reason)
    {
        await using var prober = new ProberUnderTest(onLoop: true);
        await using GrpcHealthNode node = await GrpcHealthNode.StartAsync();
        (node.Body, node.GrpcStatus) = (body is null ? null : Convert.FromHexString(body), status);

        HealthFinding finding = await prober.ProbeAsync(ProberUnderTest.NodeAt(node.EndPoint, Grpc));

        finding.Judge(Grpc).ShouldBe(HealthEvent.HttpFailure);
        finding.ToString().ShouldBe(reason);
    }

    [Fact]
    public async Task Run_OtherStatusThan200_IsAnHttpFailure()
    {
        await using var prober = new ProberUnderTest(onLoop: true);
        await using GrpcHealthNode node = await GrpcHealthNode.StartAsync();
        node.HttpStatus = 503;

        HealthFinding finding = await prober.ProbeAsync(ProberUnderTest.NodeAt(node.EndPoint, Grpc));

        (finding.Judge(Grpc), finding.ToString()).ShouldBe((HealthEvent.HttpFailure, "the answer was 503"));
    }

    [Fact]
    public async Task Run_Refused_IsSaid()
    {
        await using var prober = new ProberUnderTest(onLoop: true);
        int port = ScriptedNode.RefusingPort(out IDisposable holder);
        using IDisposable held = holder;

        (await prober.ProbeAsync(ProberUnderTest.NodeAt("127.0.0.1", port, Grpc))).ShouldBe(new HealthFinding(AttemptFailure.Refused, 0));
    }

    [Fact]
    public async Task Run_NobodyAnswersTheConnect_ConnectTimeout()
    {
        await using var prober = new ProberUnderTest(onLoop: true);
        using FullListener full = await FullListener.StartAsync();

        (await prober.ProbeAsync(ProberUnderTest.NodeAt(full.EndPoint, Grpc with { Timeout = TimeSpan.FromMilliseconds(200) }))).Failure.ShouldBe(AttemptFailure.ConnectTimeout);
    }

    [Fact]
    public async Task Run_NodeHangs_ReadTimeout()
    {
        await using var prober = new ProberUnderTest(onLoop: true);
        await using GrpcHealthNode node = await GrpcHealthNode.StartAsync();
        node.Hangs = true;

        (await prober.ProbeAsync(ProberUnderTest.NodeAt(node.EndPoint, Grpc with { Timeout = TimeSpan.FromSeconds(2) }))).Failure.ShouldBe(AttemptFailure.ReadTimeout);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", AttemptFailure.BadAnswer)]
    [InlineData("", AttemptFailure.ClosedBeforeAnswer)]
    public async Task Run_NodeWithoutHttp2_IsSaid(string answer, AttemptFailure failure)
    {
        await using var prober = new ProberUnderTest(onLoop: true);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(answer);
            if (answer.Length > 0)
                await peer.WaitForEndAsync(); // closing now, with bytes unread, would reset the connection and lose the answer
        });

        (await prober.ProbeAsync(ProberUnderTest.NodeAt(node.EndPoint, Grpc))).Failure.ShouldBe(failure);
    }

    [Fact]
    public async Task Run_Tls_ChecksTheCertificateForTheCheckedHost()
    {
        await using var prober = new ProberUnderTest(onLoop: true);
        using var authority = new TestCertificates();
        using X509Certificate2 certificate = authority.Issue("cart.test");
        await using GrpcHealthNode node = await GrpcHealthNode.StartAsync(certificate);
        var verified = new UpstreamTlsConfig(null, null, true, [authority.AuthorityPem]);
        var unverified = new UpstreamTlsConfig(null, null, false, []);

        (await ProbeAsync("cart.test", verified)).Judge(Grpc).ShouldBe(HealthEvent.Success);
        (await ProbeAsync("other.test", verified)).Failure.ShouldBe(AttemptFailure.TlsFailed);
        (await ProbeAsync("other.test", unverified)).Judge(Grpc).ShouldBe(HealthEvent.Success);

        Task<HealthFinding> ProbeAsync(string host, UpstreamTlsConfig tls) => prober.ProbeAsync(ProberUnderTest.NodeAt(node.EndPoint, Grpc with { Host = host }, tls));
    }

    [Theory]
    [InlineData(false, 5)]
    [InlineData(true, 1)]
    public async Task Run_FiveProbes_OneConnectionWhenReused(bool reuses, int connections)
    {
        await using var prober = new ProberUnderTest(onLoop: true);
        await using GrpcHealthNode node = await GrpcHealthNode.StartAsync();
        ProbedNode probed = ProberUnderTest.NodeAt(node.EndPoint, Grpc with { ReusesConnection = reuses });

        for (int i = 0; i < 5; i++)
            (await prober.ProbeAsync(probed)).Judge(Grpc).ShouldBe(HealthEvent.Success);

        node.Asked.Select(asked => asked.Connection).Distinct().Count().ShouldBe(connections);
        probed.Drop();
    }

    [Fact]
    public async Task Run_ReusedAndTheNodeIsReplaced_IsNoFailure()
    {
        await using var prober = new ProberUnderTest(onLoop: true);
        GrpcHealthNode node = await GrpcHealthNode.StartAsync();
        ProbedNode probed = ProberUnderTest.NodeAt(node.EndPoint, Grpc with { ReusesConnection = true });
        (await prober.ProbeAsync(probed)).Judge(Grpc).ShouldBe(HealthEvent.Success);
        await node.DisposeAsync();

        (await prober.ProbeAsync(probed)).Failure.ShouldBe(AttemptFailure.Refused);

        probed.Drop();
    }

    [Theory]
    [InlineData("0000000002" + "0801", true, 1)]
    [InlineData("0000000007" + "1203616263" + "0801", true, 1)]
    [InlineData("0000000008" + "9A0603616263" + "0802", true, 2)]
    [InlineData("000000000D" + "190000000000000000" + "080104" + "08", false, 0)]
    [InlineData("0000000007" + "1D00000000" + "0803", true, 3)]
    [InlineData("0100000002" + "0801", false, 0)]
    [InlineData("0000000002" + "0880", false, 0)]
    [InlineData("0000000002" + "1205", false, 0)]
    [InlineData("00000000", false, 0)]
    [InlineData("", false, 0)]
    public void TryReadAnswer_Message_IsReadByTheRulesOfProtocolBuffers(string hex, bool readable, int status)
    {
        GrpcHealthMessages.TryReadAnswer(Convert.FromHexString(hex), out GrpcServingStatus found).ShouldBe(readable);
        if (readable)
            ((int)found).ShouldBe(status);
    }

    [Fact]
    public void Request_LongName_HasALengthOfTwoBytes()
    {
        byte[] request = GrpcHealthMessages.Request(new string('a', 300));

        Convert.ToHexString(request.AsSpan(0, 9)).ShouldBe("000000012F0AAC0261");
        request.Length.ShouldBe(5 + 3 + 300);
        GrpcHealthMessages.Request("").ShouldBe(new byte[5]);
    }
}
