using Headgate.Proxy.Tests.Upstream;
using System.Net;
using System.Net.Sockets;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Outliers;
using Headgate.Proxy.Probes;
using Headgate.Proxy.Tests.Configuration;
using Headgate.Proxy.Tests.Fronts;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Upstream;
using Headgate.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Probes;

/// <summary>What the gateway lacks itself is no word on a node: it is said, and counts for nothing.</summary>
public sealed class MissedProbeTests
{
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
    public async Task Probe_NoSocketForAWhile_NodeStaysHealthyAndItIsSaidOnce()
    {
        var time = new ManualTimeProvider();
        var log = new WrittenLines();
        var served = new ServedUpstreams();
        await using var resolver = new EndpointResolver(new NoHosts(), EndpointResolverOptions.Default, time, NullLogger<EndpointResolver>.Instance, 0);
        using var monitor = new HealthMonitor(
            served, ProbeEngine.OnThreadPool(new LackingConnector(), time), resolver, HeadLimits.Default, time, TestSeed.Value, log.CreateLogger<HealthMonitor>(), enabled: true);
        using var directory = new NodeDirectory(time, new NodeObservers());
        var compiler = new SnapshotCompiler(directory, PluginCatalog.Empty, served);
        compiler.Apply(1, [new ConfigChange(ResourceKind.Upstream, "u", """
            {"nodes":{"127.0.0.1:80":1},"checks":{"active":{"healthy":{"interval":1},"unhealthy":{"interval":1,"tcp_failures":1}}}}
            """u8.ToArray())]);
        compiler.Rejected.ShouldBeEmpty();

        // Three probes want three seconds of that clock; within a minute there is one line.
        int steps = 0;
        await Eventually.HoldsAsync(
            () =>
            {
                if (steps++ < 500)
                    time.Advance(TimeSpan.FromMilliseconds(100));
                return monitor.ProbesMissed >= 3;
            },
            "three probes without a socket");
        await Eventually.HoldsAsync(() => log.Lines.Length > 0, "the line");

        monitor.Probes(HealthEvent.None).ShouldBeGreaterThanOrEqualTo(3);
        monitor.Find("upstreams/u")!.Upstream.Nodes[0].State.Health.Counters.ShouldBe(default);
        log.Lines.ShouldHaveSingleItem().ShouldStartWith("1316 ");
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

    private sealed class LackingConnector : INodeConnector
    {
        public ValueTask<(KeptConnection? Transport, AttemptFailure Failure)> OpenAsync(EndpointState endpoint, ConnectionProfile profile, TimeSpan timeout) =>
            ValueTask.FromResult<(KeptConnection?, AttemptFailure)>((null, AttemptFailure.NoSocket));
    }
}
