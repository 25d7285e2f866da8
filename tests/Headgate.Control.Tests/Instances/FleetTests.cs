using System.Text.Json;
using Headgate.Control.Instances;
using Headgate.Control.Line;
using Headgate.Control.Tests.AdminApi;
using Headgate.Control.Tests.Line;
using Headgate.Core.Snapshot;
using Headgate.Store;
using Headgate.Testing;

namespace Headgate.Control.Tests.Instances;

/// <summary>What control planes show of instances, say of them in the log, and keep of them.</summary>
public sealed class FleetTests : LineTest
{
    [Fact]
    public async Task List_AndOne_ShowWhatIsKnown()
    {
        Instance one = Attach("gw-1");
        Attach("gw-2");
        one.Take(new InstanceReport(new RunningConfiguration(3, "abc") { Rejected = ["routes/1: no"], RejectedCount = 21 })
        {
            Nodes = [new NodeSighting("upstreams/1", "a:80", "down", ["unhealthy"]), new NodeSighting("upstreams/1", "b:80", "up", ["unhealthy"])],
            Traffic = new TrafficReport(new Dictionary<string, double> { ["1"] = 1.25, ["2"] = 2 }, []),
        });

        AdminAnswer all = (await Server.Client.Get("/api/gateway_groups/default/instances")).ShouldBe(200);
        all.Json.GetProperty("total").GetInt32().ShouldBe(2);
        all.Json.GetProperty("list").EnumerateArray().Select(static item => item.GetProperty("id").GetString()).ShouldBe(["gw-1", "gw-2"]);
        (await Server.Client.Get("/api/instances")).Body.ShouldBe(all.Body);
        (await Server.Client.Get("/api/gateway_groups/default/instances/gw-1")).ShouldBe(200).Value.GetRawText().ShouldBe(
            """{"id":"gw-1","gateway_group_id":"default","hostname":"host-of-gw-1","version":"1.2.3","addresses":["http://127.0.0.1:9080"],"cores":2,"start_time":1777863721,"status":"healthy","connected":true,"""
            + """ "last_heartbeat_time":1767225600,"revision":3,"digest":"abc","rejected_total":21,"rejected":["routes/1: no"],"nodes_not_up":1,"requests_per_second":3.25}""".TrimStart());
        (await Server.Client.Get("/api/instances/gw-9")).ShouldBe(404);
        (await Server.Client.Get("/api/gateway_groups/none/instances")).ShouldBe(404);
        (await Server.Client.Get("/api/instances?gateway_group_id=none")).ShouldBe(404);
    }

    [Fact]
    public async Task Delete_IsForThoseThatAreGone()
    {
        Instance one = Attach("gw-1");
        (await Server.Client.Delete("/api/instances/gw-1")).ShouldBe(409).ErrorMessage.ShouldBe("instance gw-1 is there: stop it first, then it can be forgotten");
        await RecordedAsync(Server, 1);

        Server.Fleet.Detach(one, one.Line!, hasLeft: true, "");
        (await Server.Client.Delete("/api/instances/gw-1")).ShouldBe(200);
        (await Server.Client.Delete("/api/instances/gw-1")).ShouldBe(404);
        (await Server.Records.AllAsync(Token)).ShouldBeEmpty();
        await TurnsAsync(3);
        (await Server.Client.Get("/api/instances")).Json.GetProperty("total").GetInt32().ShouldBe(0);
        (await Server.Records.AllAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Records_OutliveTheControlPlane_AndAnotherLearnsOfThemToo()
    {
        await using LineServer second = await LineServer.StartAsync(Store, Clock);
        Instance gone = Attach("gw-1");
        Attach("gw-2");
        await RecordedAsync(Server, 2);
        Server.Fleet.Detach(gone, gone.Line!, hasLeft: true, "");
        await TicksUntilAsync(() => second.Fleet.Find("default", "gw-1") is not null, "the other reads them", 0.5);

        await using LineServer third = await LineServer.StartAsync(Store, Clock);
        await Eventually.HoldsAsync(() => third.Fleet.All.Count == 2, "one that starts has them at once");
        JsonElement one = (await third.Client.Get("/api/instances/gw-1")).ShouldBe(200).Value;
        (one.GetProperty("hostname").GetString(), one.GetProperty("connected").GetBoolean(), one.GetProperty("revision").GetInt64()).ShouldBe(("host-of-gw-1", false, -1));
        await TicksUntilAsync(() => third.Fleet.Find("default", "gw-1")!.HasLeft || !third.Fleet.Find("default", "gw-1")!.IsHeard, "it is not there", 0.5);

        (await Server.Client.Delete("/api/instances/gw-1")).ShouldBe(200);
        await TicksUntilAsync(() => second.Fleet.Find("default", "gw-1") is null && third.Fleet.Find("default", "gw-1") is null, "all have forgotten it", 0.5);
        (await Server.Records.AllAsync(Token)).Select(static record => record.Instance.Id).ShouldBe(["gw-2"]);
        Server.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Week_Unheard_IsForgotten()
    {
        Instance one = Attach("gw-1");
        await RecordedAsync(Server, 1);
        Server.Fleet.Detach(one, one.Line!, hasLeft: false, "it broke");
        await TurnsAsync(1);
        Clock.Advance(InstanceTimes.ForgottenAfter - TimeSpan.FromMinutes(1));
        await TurnsAsync(2);
        JsonElement shown = (await Server.Client.Get("/api/instances/gw-1")).ShouldBe(200).Value;
        shown.GetProperty("status").GetString().ShouldBe("offline");
        shown.GetProperty("to_be_deleted_at").GetInt64().ShouldBe(shown.GetProperty("last_heartbeat_time").GetInt64() + (7 * 86_400));

        Clock.Advance(TimeSpan.FromMinutes(2));
        await TicksUntilAsync(() => Server.Fleet.All.Count == 0, "it is forgotten", 0.5);
        (await Server.Records.AllAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Group_IsGone_ItsInstancesAreForgotten()
    {
        (await Server.Client.Put("/api/gateway_groups/blue", """{"name":"Blue"}""")).ShouldBe(201);
        Instance one = Attach("gw-1", "blue");
        await RecordedAsync(Server, 1);
        Server.Fleet.Detach(one, one.Line!, hasLeft: true, "");
        (await Server.Client.Delete("/api/gateway_groups/blue")).ShouldBe(200);

        await TicksUntilAsync(() => Server.Fleet.All.Count == 0, "it is forgotten", 0.5);
        (await Server.Records.AllAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Changes_AreLoggedOnce_WithTheReason()
    {
        Instance one = Attach("gw-1");
        await TurnsAsync(40); // it falls silent
        Server.Logs.Of(1430).ShouldHaveSingleItem().ShouldStartWith("1430 Instance gw-1 of gateway group default is lost_connection: not heard for 3");
        await TurnsAsync(5);
        Report(one);
        await TurnsAsync(5);
        Server.Logs.Of(1431).ShouldBe(["1431 Instance gw-1 of gateway group default is healthy again, at revision 0."]);
        Server.Fleet.Detach(one, one.Line!, hasLeft: true, "");
        await TurnsAsync(40);
        (Server.Logs.Of(1430).Length, Server.Logs.Of(1431).Length).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Restart_DoesNotCallTheWholeFleetLost()
    {
        Attach("gw-1");
        await RecordedAsync(Server, 1);
        Clock.Advance(TimeSpan.FromHours(1));
        await using LineServer again = await LineServer.StartAsync(Store, Clock);
        await Eventually.HoldsAsync(() => again.Fleet.All.Count == 1, "it is recalled");
        await TurnsAsync(10);
        Report(again.Fleet.Attach(PlayedLine.Identity("gw-1"), new PlayedLine()));
        await TurnsAsync(5);

        (again.Logs.Of(1430).Length, again.Logs.Of(1431).Length).ShouldBe((0, 0));
    }

    [Fact]
    public async Task StoreAway_ChangesAreLoggedAllTheSame()
    {
        Instance one = Attach("gw-1");
        Instance two = Attach("gw-2");
        Store.SetUnavailable("connection refused");
        await TicksUntilAsync(
            () =>
            {
                foreach (Instance instance in new[] { one, two })
                    instance.Take(new InstanceReport(new RunningConfiguration(0, instance.Running.Digest) { FailingSince = Clock.GetUtcNow(), Failure = "connection refused" }));
                return Server.Logs.Of(1430).Length == 2;
            },
            "both are said to be out of sync");
        Server.Logs.Of(1430).ShouldAllBe(static line => line.Contains("is out_of_sync: it cannot follow its store since", StringComparison.Ordinal));
        Server.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnotherProgramsRecords_ArePassedOver()
    {
        foreach ((string id, string value) in new[] { ("a", "x"), ("b", "null"), ("c", "{}"), ("d", """{"instance":null,"heard":"2026-01-01T00:00:00+00:00","has_left":false}""") })
        {
            var put = new Operation.Put("/headgate/instances/default/" + id, System.Text.Encoding.UTF8.GetBytes(value));
            await Store.CommitAsync(new Commit { Operations = [put], Origin = new Origin("test", "local", "") }, Token);
        }

        Attach("gw-1");
        await RecordedAsync(Server, 1);
        Server.Logs.Errors.ShouldBeEmpty();
        (await Server.Client.Get("/api/instances")).Json.GetProperty("total").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task QuietFleet_WritesNothing_AndWakesNobody()
    {
        Instance one = Attach("gw-1");
        await RecordedAsync(Server, 1);
        long revision = Store.Revision;
        Task news = Server.Fleet.NextMove;
        for (int second = 0; second < 120; second++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            Report(one);
        }

        await TurnsAsync(1);
        Store.Revision.ShouldBe(revision);
        news.IsCompleted.ShouldBeFalse();
        Report(one, 9);
        news.IsCompleted.ShouldBeTrue();
    }

    private Instance Attach(string id, string group = "default")
    {
        Instance instance = Server.Fleet.Attach(PlayedLine.Identity(id, group), new PlayedLine());
        Report(instance);
        return instance;
    }

    /// <summary>It runs what there is: no objects.</summary>
    private static void Report(Instance instance, long revision = 0) => instance.Take(new InstanceReport(new RunningConfiguration(revision, new ConfigDigest().Text)));

    private Task RecordedAsync(LineServer server, int count) => Eventually.HoldsAsync(
        async () =>
        {
            Clock.Advance(TimeSpan.FromSeconds(0.5));
            foreach (Instance instance in server.Fleet.All.Where(static instance => instance.Line is not null))
                instance.Take(new InstanceReport(instance.Running));
            return (await server.Records.AllAsync(Token)).Count == count;
        },
        $"{count} are recorded");

    /// <summary>Lets the loops that look each second do so, so many times.</summary>
    private async Task TurnsAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(2, Token);
        }
    }
}
