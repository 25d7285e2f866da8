using Headgate.Control.Instances;
using Headgate.Control.Line;
using Headgate.Testing;

namespace Headgate.Control.Tests.Line;

/// <summary>Lines that break, come back, or are opened twice.</summary>
public sealed class LineRecoveryTests : LineTest
{
    [Fact]
    public async Task ControlPlane_Restarts_TheInstanceComesBackByItself()
    {
        LineServer first = await LineServer.StartAsync(Store, Clock);
        Open(Instance(), await Server.TokenAsync(), first.Address);
        await HereAsync(server: first);
        await first.DisposeAsync();
        await Eventually.HoldsAsync(() => Log.Of(1421).Length == 1, "the instance knows");
        Log.Of(1421)[0].ShouldContain("this control plane stops");
        await TicksUntilAsync(() => Log.Of(1421).Length == 2, "nobody is there");
        Log.Of(1421)[1].ShouldContain("Connection refused");

        await using LineServer again = await LineServer.StartAsync(Store, Clock, first.Address.Port);
        await TicksUntilAsync(() => again.Fleet.Find("default", "gw-1") is { Line: not null, Running.Revision: 5 }, "it is back");
        Log.Of(1420).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Relay_FallsSilent_BothEndsNoticeAndTheInstanceComesBack()
    {
        await using var relay = new TcpRelay(Server.Address);
        Open(Instance(), Options(await Server.TokenAsync(), relay.Address) with { Ping = TimeSpan.FromMilliseconds(50) });
        Instance here = await HereAsync();
        IInstanceLine line = here.Line!;

        relay.FallSilent();
        await Eventually.HoldsAsync(() => Log.Of(1421).Length == 1, "the instance notices"); // by pings, which run on no clock of ours
        await TicksUntilAsync(() => here.Line is not null && here.Line != line, "it has another line");
        await TicksUntilAsync(() => here.IsFresh, "it reports over it");
        Server.Logs.Of(1427).ShouldBeEmpty(); // the same process
    }

    [Fact]
    public async Task SameIdTwice_WhoeverStartedLastStays_AndTheOtherDoesNotStorm()
    {
        string token = await Server.TokenAsync();
        Open(Instance("gw-1", revision: 1, start: 0), token);
        await HereAsync();
        Open(Instance("gw-1", revision: 2, start: 60), token);
        await Eventually.HoldsAsync(() => Server.Fleet.Find("default", "gw-1") is { Line: not null, Running.Revision: 2 }, "the one that was started later has taken over");

        DateTimeOffset began = Clock.GetUtcNow();
        await TicksUntilAsync(
            () =>
            {
                Server.Fleet.Find("default", "gw-1")!.Running.Revision.ShouldBe(2);
                return Clock.GetUtcNow() - began > TimeSpan.FromMinutes(2);
            },
            "two minutes");
        Server.Logs.Of(1424).Length.ShouldBe(2);
        Server.Logs.Of(1427).ShouldBe(["1427 A second line of instance gw-1 of gateway group default, from host-of-gw-1, is refused: a process with this id is here already, on host-of-gw-1; each needs its own (apisix.id, instance.id)."]);
        Server.Logs.Of(1423).Length.ShouldBeLessThan(30); // one each 5 to 10 seconds in the end
        Log.Of(1421).Length.ShouldBe(2);
        Log.Of(1421)[0].ShouldContain("another line of this instance was opened");
        Log.Of(1421)[1].ShouldContain("a process with this id is here already, on host-of-gw-1; each needs its own (apisix.id, instance.id)");
    }

    [Fact]
    public async Task SameIdTwice_TheOtherLeaves_TheFirstComesBack()
    {
        string token = await Server.TokenAsync();
        Open(Instance("gw-1", revision: 1), token);
        await HereAsync();
        LineClient later = Open(Instance("gw-1", revision: 2, start: 60), token);
        await Eventually.HoldsAsync(() => Server.Fleet.Find("default", "gw-1") is { Line: not null, Running.Revision: 2 }, "the other is here");

        await LeaveAsync(later);
        await TicksUntilAsync(() => Server.Fleet.Find("default", "gw-1") is { Line: not null, Running.Revision: 1 }, "the first is back");
    }

    [Fact]
    public async Task OneControlPlaneByTwoNames_GetsOneLine()
    {
        Open(Instance(), await Server.TokenAsync(), Server.Address, new UriBuilder(Server.Address) { Host = "localhost" }.Uri);
        Instance here = await HereAsync();
        await Eventually.HoldsAsync(() => Log.Of(1421).Length == 1, "the second is refused");
        IInstanceLine line = here.Line!;

        DateTimeOffset began = Clock.GetUtcNow();
        await TicksUntilAsync(() => Clock.GetUtcNow() - began > TimeSpan.FromMinutes(1), "a minute");
        here.Line.ShouldBe(line);
        Log.Of(1421).ShouldHaveSingleItem().ShouldContain("this process has a line already; name each control plane once");
        Server.Logs.Of(1424).Length.ShouldBe(1);
    }

    [Fact]
    public async Task OldLine_TellsNothingAnyMore()
    {
        var old = new PlayedLine();
        Instance here = Server.Fleet.Attach(PlayedLine.Identity("gw-9"), old);
        here.Take(new InstanceReport(new Core.Snapshot.RunningConfiguration(3, "a")), old);
        Server.Fleet.Attach(PlayedLine.Identity("gw-9", start: 1), new PlayedLine()).ShouldBe(here);
        old.Closed.ShouldBe("another line of this instance was opened");

        here.Take(new InstanceReport(new Core.Snapshot.RunningConfiguration(99, "b")), old);
        here.Running.Revision.ShouldBe(3);
        Server.Fleet.Detach(here, old, hasLeft: true, "it closed it");
        (here.Line is not null, here.HasLeft).ShouldBe((true, false));
        await Task.CompletedTask;
    }
}
