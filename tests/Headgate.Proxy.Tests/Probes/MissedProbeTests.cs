using System.Net;
using System.Net.Sockets;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Outliers;
using Headgate.Proxy.Probes;
using Headgate.Proxy.Tests.Configuration;
using Headgate.Proxy.Tests.Fronts;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Probes;

/// <summary>What the gateway lacks itself is no word on a node: it is said, and counts for nothing.</summary>
public sealed class MissedProbeTests
{
    private static readonly byte[] Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();

    [Theory]
    [InlineData(true, HealthCheckType.Http)]
    [InlineData(true, HealthCheckType.Https)]
    [InlineData(true, HealthCheckType.Tcp)]
    [InlineData(true, HealthCheckType.Grpc)]
    [InlineData(false, HealthCheckType.Http)]
    public async Task Run_NoDescriptorLeft_NoSocket(bool onLoop, HealthCheckType type)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        await using var prober = new ProberUnderTest(onLoop);
        var checks = new ActiveCheckConfig { Type = type, Timeout = TimeSpan.FromMilliseconds(500) };
        await prober.ProbeAsync(ProberUnderTest.NodeAt(node.EndPoint, checks)); // what is loaded with the first one needs descriptors too
        await Eventually.HoldsAsync(() => node.Open == 0, "the end of the first probe");

        HealthFinding finding = default;
        using (DescriptorLimit none = new())
        {
            // .NET's own sockets may be closed a little later, and make room for one more.
            await Eventually.HoldsAsync(
                async () =>
                {
                    none.TakeRest();
                    finding = await prober.ProbeAsync(ProberUnderTest.NodeAt(node.EndPoint, checks));
                    return finding.Failure == AttemptFailure.NoSocket;
                },
                "a probe without a descriptor");
        }

        finding.Judge(checks).ShouldBe(HealthEvent.None);
    }

    [Fact]
    public async Task NoDescriptorLeft_ProbesAndRequests_LeaveTheNodeHealthyAndAreSaidOnce()
    {
        var log = new WrittenLines();
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na");
        });
        await using ScriptedNode probed = ScriptedNode.StartAnswering("a"); // leaves the end of a connection to the probe, whose descriptor is then free again
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(null, loggers: log);
        gateway.PutUpstream("u", [node.Port], $$$"""
            ,"checks":{"active":{"port":{{{probed.Port}}},"healthy":{"interval":1,"successes":1},"unhealthy":{"interval":1,"tcp_failures":1} },"passive":{"unhealthy":{"tcp_failures":1} } }
            """);
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        using var client = new RawClient(await gateway.ConnectAsync());
        (await client.AskAsync(Get)).Status.ShouldBe(200);
        await Eventually.HoldsAsync(() => gateway.Plane.Health.Probes(HealthEvent.Success) > 0 && node.Open == 0 && probed.Open == 0, "a probe, and its end");

        using (DescriptorLimit none = new())
        {
            await Eventually.HoldsAsync(
                () =>
                {
                    none.TakeRest();
                    return gateway.Plane.Health.ProbesMissed >= 2;
                },
                "two probes without a descriptor");
            (await client.AskAsync(Get)).Status.ShouldBe(502);
        }

        gateway.Plane.Counters.Tries(AttemptFailure.NoSocket).ShouldBe(1);
        NodeState state = gateway.Plane.Health.Find("upstreams/u")!.Upstream.Nodes[0].State;
        state.Health.Counters.ShouldBe(default);
        await Eventually.HoldsAsync(() => log.Lines.Any(line => line.StartsWith("1316 ", StringComparison.Ordinal)), "the line");
        log.Lines.Count(line => line.StartsWith("1316 ", StringComparison.Ordinal)).ShouldBe(1);
        long before = gateway.Plane.Health.Probes(HealthEvent.Success);
        await Eventually.HoldsAsync(() => gateway.Plane.Health.Probes(HealthEvent.Success) > before, "a probe as before");
        (await client.AskAsync(Get)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Add_ManyInAMinute_OneLineThenOneMoreWithTheNumber()
    {
        var time = new ManualTimeProvider();
        var log = new WrittenLog();
        var missed = new MissedProbes(time, log);
        ProbedNode node = ProberUnderTest.NodeAt("10.0.0.1", 80, new ActiveCheckConfig());

        missed.Add(node);
        await Eventually.HoldsAsync(() => log.Lines.Length == 1, "the first line");
        for (int i = 0; i < 9; i++)
            missed.Add(node);
        time.Advance(MissedProbes.ToldEvery);
        missed.Add(node);
        await Eventually.HoldsAsync(() => log.Lines.Length == 2, "the second line");

        missed.Count.ShouldBe(11);
        log.Lines[0].ShouldStartWith("1316 1 probe(s) could not be made, the latest of 10.0.0.1:80 of upstreams/u:");
        log.Lines[1].ShouldStartWith("1316 10 probe(s) could not be made,");
    }

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets, "127.0.0.1", AttemptFailure.NoSocket)]
    [InlineData(SocketError.NoBufferSpaceAvailable, "127.0.0.1", AttemptFailure.NoSocket)]
    [InlineData(SocketError.AddressNotAvailable, "127.0.0.1", AttemptFailure.NoSocket)]
    [InlineData(SocketError.AddressNotAvailable, "255.255.255.255", AttemptFailure.Unreachable)]
    [InlineData(SocketError.NetworkUnreachable, "127.0.0.1", AttemptFailure.Unreachable)]
    [InlineData(SocketError.AddressFamilyNotSupported, "127.0.0.1", AttemptFailure.Unreachable)]
    [InlineData(SocketError.ConnectionRefused, "127.0.0.1", AttemptFailure.Refused)]
    [InlineData(SocketError.TimedOut, "127.0.0.1", AttemptFailure.ConnectTimeout)]
    [InlineData(SocketError.Success, "127.0.0.1", AttemptFailure.None)]
    public void Of_ErrorOfConnecting_TellsTheNodesFromOurs(SocketError error, string address, AttemptFailure failure) =>
        ConnectFailures.Of(error, new IPEndPoint(IPAddress.Parse(address), 80)).ShouldBe(failure);

    [Fact]
    public void NoSocket_SaysNothingAboutTheNode()
    {
        TryVerdicts.Of(AttemptFailure.NoSocket, 0).ShouldBeNull();
        new HealthFinding(AttemptFailure.NoSocket, 0).Judge(new PassiveCheckConfig()).ShouldBe(HealthEvent.None);
        RetryRules.IsBeforeConnection(AttemptFailure.NoSocket).ShouldBeTrue();
        RetryRules.IsWithoutWork(AttemptFailure.NoSocket).ShouldBeTrue();
    }
}
