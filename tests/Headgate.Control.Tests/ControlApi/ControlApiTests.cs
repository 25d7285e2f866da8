using System.Text;
using System.Text.Json;
using Headgate.Control.ControlApi;
using Headgate.Control.Tests.AdminApi;
using Headgate.Store;
using Headgate.Testing;

namespace Headgate.Control.Tests.ControlApi;

public sealed class ControlApiTests : IAsyncLifetime
{
    private readonly InMemoryStore _store = new();
    private WebServer? _server;

    private AdminClient Client => _server!.Client;

    public async ValueTask InitializeAsync()
    {
        _server = await WebServer.StartAsync(application => application.MapControlApi(_store));
        await WriteAsync("upstreams", "1", """{"id":"1","nodes":{"127.0.0.1:1":1},"checks":{"active":{}}}""");
        await WriteAsync("upstreams", "10", """{"id":"10","nodes":{"127.0.0.1:1":1}}""");
        await WriteAsync("services", "s", """{"id":"s","upstream_id":"1"}""");
        await WriteAsync("routes", "r", """{"id":"r","uri":"/a","service_id":"s"}""");
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Theory]
    [InlineData("upstreams", 2)]
    [InlineData("services", 1)]
    [InlineData("routes", 1)]
    public async Task All_AnswersABareArray(string kind, int count)
    {
        AdminAnswer answer = (await Client.Get("/v1/" + kind)).ShouldBe(200);

        answer.Json.GetArrayLength().ShouldBe(count);
        answer.Json[0].EnumerateObject().Select(member => member.Name).ShouldBe(["key", "value", "createdIndex", "modifiedIndex"]);
    }

    [Fact]
    public async Task One_AnswersTheObject()
    {
        AdminAnswer answer = (await Client.Get("/v1/upstreams/1")).ShouldBe(200);

        answer.Json.GetProperty("key").GetString().ShouldBe("/apisix/upstreams/1");
        answer.Value.GetProperty("id").GetString().ShouldBe("1");
    }

    [Theory]
    [InlineData("/v1/upstreams/7", 404, "upstream[7] not found")]
    [InlineData("/v1/routes/7", 404, "route[7] not found")]
    [InlineData("/v1/services/7", 404, "service[7] not found")]
    [InlineData("/v1/healthcheck/upstreams/7", 404, "upstreams[7] not found")]
    [InlineData("/v1/healthcheck/upstreams/10", 404, "no checker for upstreams[10]")]
    [InlineData("/v1/healthcheck/stream_routes/1", 404, "stream_routes[1] not found")]
    [InlineData("/v1/healthcheck/upstreams", 404, "missing src id for src type upstreams")]
    [InlineData("/v1/healthcheck/consumers/1", 400, "invalid src type consumers")]
    [InlineData("/v1/discovery/dns/dump", 404, "not found")]
    [InlineData("/v1/gc", 404, "not found")]
    [InlineData("/v1", 404, "not found")]
    public async Task WhatIsNotThere_SaysSo(string path, int status, string text)
    {
        (await Client.Get(path)).ShouldBe(status).ErrorMessage.ShouldBe(text);
    }

    [Fact]
    public async Task Healthcheck_WithoutProbes_IsEmpty() => (await Client.Get("/v1/healthcheck")).ShouldBe(200).Body.ShouldBe("[]\n");

    [Fact]
    public async Task Schema_HoldsAllKindsAndNoPlugin()
    {
        JsonElement schema = (await Client.Get("/v1/schema")).ShouldBe(200).Json;

        schema.GetProperty("main").EnumerateObject().Select(member => member.Name).ShouldBe(["consumer", "consumer_group", "credential", "global_rule", "plugin_config", "plugin_metadata", "proto", "route", "secret", "service", "ssl", "upstream"]);
        schema.GetProperty("plugins").GetRawText().ShouldBe("{}");
    }

    [Fact]
    public async Task Write_IsNotServed() => (await Client.Put("/v1/upstreams/1", "{}")).ShouldBe(404);

    [Fact]
    public async Task StoreUnavailable_Answers503()
    {
        _store.SetUnavailable("gone");

        (await Client.Get("/v1/upstreams")).ShouldBe(503).ErrorMessage.ShouldBe("gone");
        _store.SetUnavailable(null);
    }

    private async Task WriteAsync(string kind, string id, string value) =>
        await _store.CommitAsync(
            new Commit { Operations = [new Operation.Put($"/apisix/{kind}/{id}", Encoding.UTF8.GetBytes(value))], Origin = new Origin("a", "b", "c") },
            CancellationToken.None);
}
