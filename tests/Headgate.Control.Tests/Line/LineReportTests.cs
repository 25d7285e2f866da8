using Headgate.Control.Instances;
using Headgate.Control.Line;
using Headgate.Core.Upstreams;
using Headgate.Testing;
using Microsoft.AspNetCore.Builder;

namespace Headgate.Control.Tests.Line;

/// <summary>What instances report over their lines.</summary>
public sealed class LineReportTests : LineTest
{
    [Fact]
    public async Task Reports_FirstIsFull_LaterOnesHaveWhatIsDifferent()
    {
        using var config = new ServedConfig(("upstreams/1", """{"nodes":{"a:80":1,"b:80":1},"checks":{"active":{"type":"http"}}}"""));
        NodeState node = config.Upstreams.Find("upstreams/1")!.Nodes[0].State;
        PlayedInstance instance = Instance(upstreams: config.Upstreams);
        node.Exclude(NodeExclusions.Unhealthy); // before anybody listens
        config.Upstreams.OnChanged(node, new NodeChange(Clock.GetUtcNow(), NodeChangeKind.Unhealthy, "probe", "refused"));
        var reports = new List<InstanceReport>();
        await using var plane = PlayedPlane.Start(reports);
        await plane.StartAsync();
        Open(instance, "any", plane.Address);

        await Eventually.HoldsAsync(() => Count(reports) == 1, "the first report");
        reports[0].IsFull.ShouldBeTrue();
        (reports[0].Running.Revision, reports[0].Running.Digest).ShouldBe((5L, "d"));
        NodeSighting sighting = reports[0].Nodes.ShouldHaveSingleItem();
        (sighting.Owner, sighting.Node, sighting.State, sighting.Exclusions.Single(), sighting.Source, sighting.Reason).ShouldBe(("upstreams/1", "a:80", "down", "unhealthy", "probe", "refused"));

        Clock.Advance(InstanceReporter.Interval);
        await Eventually.HoldsAsync(() => Count(reports) == 2, "the second report");
        reports[1].IsFull.ShouldBeFalse();
        reports[1].Nodes.ShouldBeEmpty();

        node.Admit(NodeExclusions.Unhealthy);
        config.Upstreams.OnChanged(node, new NodeChange(Clock.GetUtcNow(), NodeChangeKind.Healthy, "probe", "200"));
        Clock.Advance(InstanceReporter.Interval);
        await Eventually.HoldsAsync(() => Count(reports) == 3, "the third report");
        (reports[2].Nodes.Single().Node, reports[2].Nodes.Single().State, reports[2].Nodes.Single().Exclusions.Count).ShouldBe(("a:80", "up", 0));
    }

    [Fact]
    public async Task Revision_Changes_IsReportedAtOnce()
    {
        PlayedInstance instance = Instance(revision: 5);
        Open(instance, await Server.TokenAsync());
        Instance here = await HereAsync();

        DateTimeOffset began = Clock.GetUtcNow();
        Run(instance, 6, "e");
        await TicksUntilAsync(() => here.Running is { Revision: 6, Digest: "e" }, "revision 6 is reported", 0.005);
        (Clock.GetUtcNow() - began).ShouldBeLessThan(InstanceReporter.Interval);
    }

    [Fact]
    public async Task StandIn_IsReportedAsAFailingStore()
    {
        PlayedInstance instance = Instance();
        instance.StandIn = (Clock.GetUtcNow(), "connection refused");
        Open(instance, await Server.TokenAsync());

        Instance here = await HereAsync();
        (here.Running.FailingSince, here.Running.Failure).ShouldBe((Clock.GetUtcNow(), "connection refused"));
        Clock.Advance(InstanceTimes.SyncGrace + TimeSpan.FromSeconds(1));
        (InstanceState state, string? reason) = here.StateNow(Server.Scopes.Default.Revisions);
        (state, reason).ShouldBe((InstanceState.OutOfSync, "it cannot follow its store since 2026-01-01 00:00:00Z: connection refused"));
    }

    [Fact]
    public async Task EveryControlPlane_GetsALine()
    {
        await using LineServer second = await LineServer.StartAsync(Store, Clock);
        Open(Instance(), await Server.TokenAsync(), Server.Address, second.Address);

        await HereAsync();
        await HereAsync(server: second);
        Log.Of(1420).Order().ShouldBe(new[] { Server.Address, second.Address }.Select(address => $"1420 The line to the control plane {address.GetLeftPart(UriPartial.Authority)} is there.").Order());
    }

    [Fact]
    public async Task Goodbye_IsOfflineAtOnce()
    {
        LineClient line = Open(Instance(), await Server.TokenAsync());
        Instance here = await HereAsync();

        await LeaveAsync(line);
        await Eventually.HoldsAsync(() => here.Line is null, "it is gone");
        here.StateNow(Server.Scopes.Default.Revisions).ShouldBe((InstanceState.Offline, "it has stopped"));
        Server.Logs.Of(1426).ShouldBe(["1426 Instance gw-1 of gateway group default has stopped."]);
        Server.Logs.Of(1425).ShouldBeEmpty();
    }

    [Fact]
    public async Task LocalInstance_IsThereFromTheStart_AndGivesNobodyItsPlace()
    {
        PlayedInstance local = Instance("gw-0");
        await using LineServer traditional = await LineServer.StartAsync(Store, Clock, instance: local.Instance);
        Instance here = await HereAsync("gw-0", server: traditional);
        here.IsLocal.ShouldBeTrue();
        Open(Instance("gw-0", start: 60), await traditional.TokenAsync(), traditional.Address);

        await Eventually.HoldsAsync(() => Log.Of(1421).Length == 1, "it is refused");
        Log.Of(1421)[0].ShouldContain("a process with this id is here already, on host-of-gw-0");
        traditional.Fleet.Find("default", "gw-0").ShouldBe(here);
        here.Line.ShouldBeOfType<LocalLine>();
    }

    private static int Count(List<InstanceReport> reports)
    {
        lock (reports)
            return reports.Count;
    }

    /// <summary>A control plane that takes any line and keeps what is reported.</summary>
    private static class PlayedPlane
    {
        public static LoopbackServer Start(List<InstanceReport> reports) => LoopbackServer.Having(static _ => { }, application =>
        {
            application.UseWebSockets();
            CancellationToken stopping = application.Lifetime.ApplicationStopping;
            application.Run(async context =>
            {
                using var socket = new LineSocket(await context.WebSockets.AcceptWebSocketAsync(), TimeProvider.System);
                (await socket.ReceiveAsync(TimeSpan.FromSeconds(30), stopping))!.Hello!.Protocol.ShouldBe(LineMessage.Protocol);
                await socket.SendAsync(new LineMessage { Welcome = new LineWelcome("1") }, stopping);
                while (await socket.ReceiveAsync(TimeSpan.FromSeconds(30), stopping) is { } message)
                {
                    if (message.Report is not { } report)
                        continue;
                    lock (reports)
                        reports.Add(report);
                }
            });
        });
    }
}
