using System.Text.Json;
using Headgate.Control.Tests.AdminApi;

namespace Headgate.Control.Tests.Revisions;

/// <summary>Who uses objects, asked of several at once.</summary>
public sealed class AffectedTests() : AdminApiTest(StoreKind.Memory)
{
    private const string Affected = "/api/gateway_groups/default/affected";

    [Fact]
    public async Task Objects_AreAnsweredInTheOrderAsked_WithWhoUsesThem()
    {
        await Admin.Put("upstreams/used", Upstream);
        await Admin.Put("upstreams/idle", Upstream);
        await Admin.Put("services/s", """{"upstream_id":"used"}""");
        await Admin.Put("routes/r", """{"uri":"/a","service_id":"s"}""");

        JsonElement[] list = await ListAsync("?of=upstreams/idle,upstreams/used,upstreams/gone,services/s");

        list.Select(static one => one.GetProperty("key").GetString()).ShouldBe(["/apisix/upstreams/idle", "/apisix/upstreams/used", "/apisix/services/s"]);
        UsersOf(list[0]).ShouldBeEmpty();
        UsersOf(list[1]).ShouldBe(["services/s", "routes/r"]);
        UsersOf(list[2]).ShouldBe(["routes/r"]);
    }

    [Fact]
    public async Task Workspace_IsToldOfItsOwnObjectsAlone()
    {
        (await Admin.Put("/api/workspaces/blue", """{"name":"Blue"}""")).ShouldBe(201);
        await Admin.Put("upstreams/b?workspace_id=blue", Upstream);

        (await ListAsync("?of=upstreams/b")).ShouldBeEmpty();
        (await ListAsync("?of=upstreams/b&workspace_id=blue")).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("", "argument of names 0 objects; allowed: 1 to 100")]
    [InlineData("?of=upstreams", "invalid argument of upstreams; allowed: KIND/ID")]
    [InlineData("?of=upstreams/a,planets/b", "invalid argument of planets/b; allowed: KIND/ID")]
    public async Task WrongArgument_IsRefusedWithWhatIsAllowed(string query, string message) =>
        (await Admin.Get(Affected + query)).ShouldBe(400).ErrorMessage.ShouldStartWith(message);

    private async Task<JsonElement[]> ListAsync(string query) => [.. (await Admin.Get(Affected + query)).ShouldBe(200).Json.GetProperty("list").EnumerateArray()];

    private static string[] UsersOf(JsonElement one) =>
        [.. one.GetProperty("affected").GetProperty("list").EnumerateArray().Select(static user => $"{user.GetProperty("kind").GetString()}/{user.GetProperty("id").GetString()}")];
}
