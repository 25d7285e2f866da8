using System.Text.Json;
using Headgate.Control.Instances;
using Headgate.Control.Tests.AdminApi;
using Headgate.Control.Tests.Line;
using Headgate.Core.Snapshot;
using Headgate.Testing;

namespace Headgate.Control.Tests.Instances;

/// <summary>Whether a write has arrived everywhere, as writes wait for it and as it can be asked.</summary>
public sealed class ConvergenceTests : LineTest
{
    private const string Upstream = """{"nodes":{"127.0.0.1:1980":1}}""";
    private const string All = "/api/gateway_groups/default/convergence";

    [Fact]
    public async Task Wait_EndsWhenTheLastInstanceRunsIt()
    {
        Instance[] fleet = Fleet(3);
        Task<AdminAnswer> write = Server.Client.Put("upstreams/1?wait=60000", Upstream);
        long revision = await WrittenAsync();
        Report(fleet[0], revision);
        Report(fleet[1], revision);
        write.IsCompleted.ShouldBeFalse();

        Report(fleet[2], revision); // the clock stands: it is told at once
        AdminAnswer answer = (await write).ShouldBe(201);
        answer.Json.GetProperty("convergence").GetProperty("text").GetString().ShouldBe("3 of 3");
        answer.Json.GetProperty("convergence").GetProperty("complete").GetBoolean().ShouldBeTrue();
        answer.Members.ShouldBe(["key", "value", "convergence"], ignoreOrder: true);
        answer.Header("ETag").ShouldBe($"\"{revision}\"");
    }

    [Fact]
    public async Task Wait_IsOver_Answers202_AndSaysWhoIsMissing()
    {
        Instance[] fleet = Fleet(3);
        Task<AdminAnswer> write = Server.Client.Put("upstreams/1?wait=12000", Upstream);
        long revision = await WrittenAsync();
        Report(fleet[0], revision);
        Report(fleet[1], revision);

        await TicksUntilAsync(() => write.IsCompleted, "the time is over");
        AdminAnswer answer = (await write).ShouldBe(202);
        answer.Value.GetProperty("id").GetString().ShouldBe("1");
        JsonElement convergence = answer.Json.GetProperty("convergence");
        convergence.GetProperty("text").GetString()!.ShouldStartWith($"2 of 3, gw-3 at revision {fleet[2].Running.Revision} for 12");
        convergence.GetProperty("running").GetInt32().ShouldBe(2);
        JsonElement last = convergence.GetProperty("instances")[2];
        (last.GetProperty("id").GetString(), last.GetProperty("runs_it").GetBoolean(), last.GetProperty("revision").GetInt64()).ShouldBe(("gw-3", false, fleet[2].Running.Revision));
        last.GetProperty("behind_for").GetDouble().ShouldBeInRange(12, 12.5);
        (await Server.Client.Get("upstreams/1")).ShouldBe(200); // it is stored
    }

    [Fact]
    public async Task Wait_FollowsEachKindOfWrite()
    {
        Fleet(0);
        (await Server.Client.Put("upstreams/1?wait=0", Upstream)).ShouldBe(201).Json.GetProperty("convergence").GetProperty("text").GetString().ShouldBe("0 of 0");
        Instance one = Fleet(1)[0];
        foreach ((string method, string path, string? body) in new[]
        {
            ("PUT", "upstreams/1", Upstream), ("PATCH", "upstreams/1", """{"desc":"x"}"""), ("POST", "upstreams", Upstream), ("DELETE", "upstreams/1", null), ("PUT", "/api/upstreams/2", Upstream),
            ("DELETE", "/api/upstreams/2", null),
            ("PUT", "/api/gateway_groups/default/service_registries/a", """{"name":"a","type":"consul","consul_config":{"servers":["http://127.0.0.1:8500"]}}"""),
        })
        {
            Task<AdminAnswer> write = Server.Client.Send(method, path + "?wait=0", body);
            await TicksUntilAsync(() => write.IsCompleted, path); // that of a registry looks for itself what comes of it
            AdminAnswer late = (await write).ShouldBe(202);
            long revision = late.Json.GetProperty("convergence").GetProperty("revision").GetInt64();
            revision.ShouldBeGreaterThan(one.Running.Revision, path);
            Report(one, revision);
        }
    }

    [Fact]
    public async Task Wait_LeavesOutWhoHasStopped()
    {
        Instance[] fleet = Fleet(2);
        Task<AdminAnswer> write = Server.Client.Put("upstreams/1?wait=60000", Upstream);
        Report(fleet[0], await WrittenAsync());
        write.IsCompleted.ShouldBeFalse();

        Server.Fleet.Detach(fleet[1], fleet[1].Line!, hasLeft: true, "");
        (await write).ShouldBe(201).Json.GetProperty("convergence").GetProperty("text").GetString().ShouldBe("1 of 1");
    }

    [Theory]
    [InlineData("upstreams/1?wait=60001", "invalid argument wait; allowed: milliseconds from 0 to 60000")]
    [InlineData("upstreams/1?wait=", "invalid argument wait; allowed: milliseconds from 0 to 60000")]
    [InlineData("upstreams/1?wait=-1", "invalid argument wait; allowed: milliseconds from 0 to 60000")]
    [InlineData("upstreams/1?wait=1.5", "invalid argument wait; allowed: milliseconds from 0 to 60000")]
    [InlineData("upstreams/1?wait=1&wait=2", "invalid argument wait; allowed: milliseconds from 0 to 60000")]
    [InlineData("/api/gateway_groups/blue?wait=1", "wait is for writes of what instances run: objects, overrides, service registries; nothing was done")]
    [InlineData("/api/gateway_groups/default/workspaces/a?wait=1", "wait is for writes of what instances run: objects, overrides, service registries; nothing was done")]
    public async Task WrongWaits_AreRefused_AndNothingIsDone(string path, string text)
    {
        long before = Store.Revision;
        (await Server.Client.Put(path, Upstream)).ShouldBe(400).ErrorMessage.ShouldBe(text);
        Store.Revision.ShouldBe(before);
    }

    [Fact]
    public async Task DryRuns_Reads_AndRefusedWrites_DoNotWait()
    {
        Fleet(1);
        (await Server.Client.Put("upstreams/1?wait=60000&dry-run=true", Upstream)).ShouldBe(200).Members.ShouldNotContain("convergence");
        (await Server.Client.Put("upstreams/1?wait=60000", "{}")).ShouldBe(400).Members.ShouldNotContain("convergence");
        (await Server.Client.Get("upstreams?wait=60000")).ShouldBe(200).Members.ShouldNotContain("convergence");
        (await Server.Client.Delete("upstreams/1?wait=60000")).ShouldBe(404);
    }

    [Fact]
    public async Task Override_WaitsToo()
    {
        await Server.Client.Put("upstreams/1", Upstream);
        AdminAnswer answer = await Server.Client.Put("/api/overrides/upstreams/1/127.0.0.1:1980?wait=0", """{"kind":"force_up"}""");
        answer.Body.ShouldNotContain("wait is for writes");
    }

    [Fact]
    public async Task Convergence_CanBeAsked_OfAnyRevision()
    {
        (await Server.Client.Put("upstreams/2", Upstream)).ShouldBe(201);
        Instance[] fleet = Fleet(2);
        (await Server.Client.Put("upstreams/1", Upstream)).ShouldBe(201);
        long revision = await WrittenAsync();
        Report(fleet[0], revision);

        (await Server.Client.Get(All)).ShouldBe(200).Json.GetProperty("text").GetString().ShouldBe($"1 of 2, gw-2 at revision {fleet[1].Running.Revision} for 0 s");
        (await Server.Client.Get($"/api/gateway_groups/default/revisions/{fleet[1].Running.Revision}/convergence")).ShouldBe(200).Json.GetProperty("complete").GetBoolean().ShouldBeTrue();
        (await Server.Client.Get($"/api/gateway_groups/default/revisions/{revision + 1}/convergence")).ShouldBe(200).Json.GetProperty("running").GetInt32().ShouldBe(0);
        (await Server.Client.Get("/api/gateway_groups/default/revisions/0/convergence")).ShouldBe(400).ErrorMessage.ShouldBe("0 is no revision; it is a number from 1");
        (await Server.Client.Get("/api/gateway_groups/default/revisions/x/convergence")).ShouldBe(400);
        (await Server.Client.Get("/api/gateway_groups/none/convergence")).ShouldBe(404);
    }

    private Instance[] Fleet(int count) => [.. Enumerable.Range(1, count).Select(number =>
    {
        Instance instance = Server.Fleet.Attach(PlayedLine.Identity($"gw-{number}"), new PlayedLine());
        Report(instance, Store.Revision);
        return instance;
    })];

    private static void Report(Instance instance, long revision) => instance.Take(new Control.Line.InstanceReport(new RunningConfiguration(revision, $"digest of {revision}")));

    /// <summary>The revision of the upstream that is being written; the control plane writes records of instances as well.</summary>
    private async Task<long> WrittenAsync()
    {
        long revision = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                revision = (await Store.FindAsync("/apisix/upstreams/1", Token))?.ModRevision ?? 0;
                return revision > 0 && Server.Scopes.Default.Revisions.Newest?.Revision >= revision;
            },
            "it is written and learnt");
        return revision;
    }
}
