using Headgate.Store;
using Headgate.Testing;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>The store fails, races, or loses its watch.</summary>
public sealed class FailureTests
{
    private const string Upstream = """{"nodes":{"127.0.0.1:1980":1}}""";

    [Fact]
    public async Task StoreUnavailable_Answers503WithTheReasonThenRecovers()
    {
        InMemoryStore store = new();
        await using AdminServer server = await AdminServer.StartAsync(store);
        (await server.Client.Put("upstreams/1", Upstream)).ShouldBe(201);
        (await server.Client.Delete("upstreams/none")).ShouldBe(404); // a deletion waits until all of the store has been read
        store.SetUnavailable("the disk is full: free some space");

        foreach ((string method, string path) in ((string, string)[])[("GET", "upstreams"), ("GET", "upstreams/1"), ("PUT", "upstreams/1"), ("POST", "upstreams"), ("PATCH", "upstreams/1"), ("DELETE", "upstreams/1")])
            (await server.Client.Send(method, path, method is "GET" or "DELETE" ? null : Upstream)).ShouldBe(503).ErrorMessage.ShouldBe("the disk is full: free some space");

        store.SetUnavailable(null);
        (await server.Client.Put("upstreams/1", Upstream)).ShouldBe(200);
    }

    [Fact]
    public async Task StoreUnavailableAtStart_DeletesNothingBeforeItWasRead()
    {
        InMemoryStore store = new();
        store.SetUnavailable("starting");
        await using AdminServer server = await AdminServer.StartAsync(store);
        (await server.Client.Put("upstreams/1", Upstream)).ShouldBe(503);
        store.SetUnavailable(null);

        (await server.Client.Put("upstreams/1", Upstream)).ShouldBe(201);
        (await server.Client.Put("routes/1", """{"uri":"/a","upstream_id":"1"}""")).ShouldBe(201);
        (await server.Client.Delete("upstreams/1")).ShouldBe(400);
    }

    [Fact]
    public async Task UnexpectedException_Answers500WithoutInternalsAndIsLogged()
    {
        InMemoryStore store = new() { BeforeCommit = _ => throw new InvalidOperationException("secret detail") };
        LogCatcher logs = new();
        await using AdminServer server = await AdminServer.StartAsync(store, logs: logs);

        AdminAnswer answer = (await server.Client.Put("upstreams/1", Upstream)).ShouldBe(500);

        answer.ErrorMessage.ShouldBe("internal error; the log of Headgate says more");
        logs.Lines.ShouldContain(line => line.Contains("secret detail", StringComparison.Ordinal) && line.Contains("PUT /apisix/admin/upstreams/1", StringComparison.Ordinal));
        logs.Lines.ShouldNotContain(line => line.Contains(AdminServer.AdminKey, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PUT", 200)]
    [InlineData("PATCH", 200)]
    [InlineData("DELETE", 200)]
    public async Task WrittenByAnotherProgramInBetween_IsTriedAnew(string method, int status)
    {
        InMemoryStore store = new();
        await using AdminServer server = await AdminServer.StartAsync(store);
        await server.Client.Put("upstreams/1", Upstream);
        int left = 3;
        store.BeforeCommit = async commit =>
        {
            if (commit.Origin.Who == "ops" && left-- > 0)
                await WriteAsync(store, "/apisix/upstreams/1", $$$"""{"id":"1","desc":"other {{{left}}}","labels":{"n":"{{{left}}}"},"nodes":{"127.0.0.1:2":1}}""");
        };

        AdminAnswer answer = (await server.Client.Send(method, "upstreams/1", method switch { "PUT" => Upstream, "PATCH" => """{"desc":"mine"}""", _ => null })).ShouldBe(status);

        if (method == "PATCH")
            answer.Value.GetProperty("labels").GetRawText().ShouldBe("""{"n":"0"}""", "the patch applies to what the other program wrote last");
    }

    [Fact]
    public async Task DeletedByAnotherProgram_NotKnownYet_MayBeMadeByAnotherWorkspace()
    {
        InMemoryStore store = new();
        await using AdminServer server = await AdminServer.StartAsync(store);
        await server.Client.Put("/api/workspaces/a", """{"name":"a"}""");
        (await server.Client.Put("upstreams/1?workspace_id=a", Upstream)).ShouldBe(201);
        (await server.Client.Put("upstreams/1", Upstream)).ShouldBe(409);
        store.WatchDelay = new TaskCompletionSource().Task;
        await store.CommitAsync(new Commit { Operations = [new Operation.Delete("/apisix/upstreams/1")], Origin = new Origin("unknown", "local", "") }, CancellationToken.None);

        (await server.Client.Put("upstreams/1", Upstream)).ShouldBe(201);
    }

    [Fact]
    public async Task WrittenByAnotherProgramAllTheTime_GivesUp()
    {
        InMemoryStore store = new();
        await using AdminServer server = await AdminServer.StartAsync(store);
        store.BeforeCommit = commit => commit.Origin.Who == "ops" ? WriteAsync(store, "/apisix/upstreams/1", $$$"""{"nodes":{"127.0.0.1:{{{store.Revision + 1}}}":1}}""") : Task.CompletedTask;

        (await server.Client.Put("upstreams/1", Upstream)).ShouldBe(503).ErrorMessage.ShouldBe("value changed before overwritten");
    }

    [Fact]
    public async Task UserAppearsWhileDeleting_IsRefused()
    {
        InMemoryStore store = new();
        await using AdminServer server = await AdminServer.StartAsync(store);
        await server.Client.Put("upstreams/1", Upstream);
        bool written = false;
        store.BeforeCommit = async commit =>
        {
            if (commit.Operations[0] is Operation.Delete && !written)
            {
                written = true;
                await WriteAsync(store, "/apisix/routes/late", """{"id":"late","uri":"/a","upstream_id":"1"}""");
            }
        };

        (await server.Client.Delete("upstreams/1")).ShouldBe(400).ErrorMessage.ShouldBe("can not delete this upstream, route [late] is still using it now");
    }

    [Fact]
    public async Task RevisionsMissed_ReadsEverythingAnew()
    {
        InMemoryStore store = new();
        LogCatcher logs = new();
        await using AdminServer server = await AdminServer.StartAsync(store, logs: logs);
        await server.Client.Put("upstreams/1", Upstream);
        await WriteAsync(store, "/apisix/routes/lost", """{"id":"lost","uri":"/a","upstream_id":"1"}""");
        store.Compact();

        (await server.Client.Delete("upstreams/1")).ShouldBe(400).ErrorMessage.ShouldBe("can not delete this upstream, route [lost] is still using it now");
    }

    [Fact]
    public async Task Write_ReadsNoDirectory()
    {
        InMemoryStore store = new();
        await using AdminServer server = await AdminServer.StartAsync(store);
        await server.Client.Put("upstreams/1", Upstream);
        await server.Client.Put("upstreams/2", Upstream);
        int before = store.DirectoryReads;

        (await server.Client.Put("routes/1", """{"uri":"/a","upstream_id":"1"}""")).ShouldBe(201);
        (await server.Client.Post("routes", """{"uri":"/b","upstream_id":"1"}""")).ShouldBe(201);
        (await server.Client.Patch("routes/1", """{"desc":"x"}""")).ShouldBe(200);
        (await server.Client.Delete("upstreams/2")).ShouldBe(200);
        (await server.Client.Delete("upstreams/1")).ShouldBe(400);

        store.DirectoryReads.ShouldBe(before);
    }

    private static async Task WriteAsync(InMemoryStore store, string key, string value) =>
        await store.CommitAsync(
            new Commit { Operations = [new Operation.Put(key, System.Text.Encoding.UTF8.GetBytes(value))], Origin = new Origin("unknown", "local", "") },
            CancellationToken.None);
}
