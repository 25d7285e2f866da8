using System.Text.Json;
using Headgate.Control.Access;
using Headgate.Control.Explain;
using Headgate.Control.Nodes;
using Headgate.Control.Overrides;
using Headgate.Control.Registries;
using Headgate.Control.Tests.AdminApi;
using Microsoft.AspNetCore.Routing;

namespace Headgate.Control.Tests.Access;

/// <summary>Every endpoint of the served OpenAPI document by every role in every place, and by nobody: what <see cref="ApiExpectation"/> does not expressly allow is refused.</summary>
public sealed class ApiMatrixTests : AccessTest
{
    /// <summary>Where a role is held: the workspace that the requests are about, another one, all of its group, another group, everywhere.</summary>
    private static readonly (string Name, string Members)[] Places =
    [
        ("own", ",\"gateway_group_id\":\"default\",\"workspace_id\":\"a\""), ("foreign", ",\"gateway_group_id\":\"default\",\"workspace_id\":\"b\""),
        ("group", ",\"gateway_group_id\":\"default\""), ("other", ",\"gateway_group_id\":\"other\""), ("all", ""),
    ];

    /// <summary>What needs an instance says that there is none, once it is known who asks.</summary>
    protected override void MapMore(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapNodesApi();
        endpoints.MapExplainApi();
        endpoints.MapOverrideApi();
        endpoints.MapRegistryApi();
    }

    [Fact]
    public async Task EveryEndpoint_HasOneExpectation_AndEveryExpectationAnEndpoint()
    {
        (string Method, string Path)[] endpoints = await EndpointsAsync();
        endpoints.Select(static one => (one, rows: ApiExpectation.Of(one.Method, one.Path).Length)).Where(static found => found.rows != 1)
            .Select(static found => $"{found.one.Method} {found.one.Path} has {found.rows} rows in ApiExpectation").ShouldBeEmpty();
        ApiExpectation.All.Where(row => !endpoints.Any(one => ApiExpectation.Of(one.Method, one.Path).Contains(row))).Select(static row => $"{row.Methods} {row.Path} is about nothing").ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryEndpoint_ByEveryRole_InEveryPlace()
    {
        (await Admin.Put("/api/workspaces/a", """{"name":"a"}""")).ShouldBe(201);
        (await Admin.Put("/api/workspaces/b", """{"name":"b"}""")).ShouldBe(201);
        (await Admin.Put("/api/gateway_groups/other", """{"name":"other"}""")).ShouldBe(201);
        (await Admin.Put("upstreams/owned?workspace_id=a", Upstream)).ShouldBe(201);
        (await Admin.Put("services/owned?workspace_id=a", """{"upstream_id":"owned"}""")).ShouldBe(201);
        (await Admin.Put("routes/owned?workspace_id=a", Route("/a", "\"service_id\":\"owned\""))).ShouldBe(201);
        (string Method, string Path)[] endpoints = await EndpointsAsync();
        using var client = new AdminClient(Server.Address, null);
        List<string> wrong = [];
        foreach (AccessRole role in Enum.GetValues<AccessRole>())
        {
            foreach ((string place, string members) in Places)
            {
                Person person = await PutAsync($"{role}-{place}", $$"""[{"role":"{{role.ToString().ToLowerInvariant()}}"{{members}}}]""");
                foreach ((string method, string path) in endpoints)
                    Judge(wrong, $"{role} {place}", method, path, ApiExpectation.Of(method, path) is [var row, ..] && row.Allows(role, place), await AskAsync(client, method, path, person.Proof));
            }
        }

        foreach ((string method, string path) in endpoints)
        {
            bool isPublic = ApiExpectation.Of(method, path) is [{ Where: ApiExpectation.Reach.Public }, ..];
            Person without = await PutAsync("nothing", "[]");
            Judge(wrong, "nobody", method, path, isPublic, await AskAsync(client, method, path), refusal: 401);
            Judge(wrong, "without a role", method, path, isPublic, await AskAsync(client, method, path, without.Proof));
        }

        wrong.ShouldBeEmpty(string.Join('\n', wrong));
    }

    /// <summary>Logging out comes last: whoever did is nobody.</summary>
    private async Task<(string Method, string Path)[]> EndpointsAsync()
    {
        JsonElement paths = (await Admin.Get("/api/openapi.json")).ShouldBe(200).Json.GetProperty("paths");
        IEnumerable<(string Method, string Path)> all = paths.EnumerateObject().SelectMany(static path => path.Value.EnumerateObject().Select(operation => (operation.Name.ToUpperInvariant(), path.Name)));
        return [.. all.OrderBy(static one => one is ("DELETE", "/api/session"))];
    }

    private static Task<AdminAnswer> AskAsync(AdminClient client, string method, string path, params (string Name, string Value)[] proof)
    {
        string id = path.Contains("/workspaces/", StringComparison.Ordinal) ? "a" : path.Contains("/nodes", StringComparison.Ordinal) || path.EndsWith("/timeline", StringComparison.Ordinal) || path.EndsWith("}/overrides", StringComparison.Ordinal) ? "owned" : "x";
        string asked = path.Replace("{group}", "default").Replace("{id}", id).Replace("{name}", "x").Replace("{manager}", "vault").Replace("{kind}", "upstreams").Replace("{revision}", "1").Replace("{node}", "127.0.0.1:1980");
        asked.ShouldNotContain("{");
        return client.Send(method, asked + "?workspace_id=a", method is "GET" or "DELETE" ? null : "{}", proof);
    }

    private static void Judge(List<string> wrong, string who, string method, string path, bool isAllowed, AdminAnswer answer, int refusal = 403)
    {
        bool isRefused = answer.Status == refusal && answer.Body.Length > 0;
        bool isAnswered = answer.Status is not (401 or 403 or 405 or 500) && !answer.Body.Contains("no such path", StringComparison.Ordinal);
        if (isAllowed ? !isAnswered : !isRefused)
            wrong.Add($"{who}: {method} {path} should be {(isAllowed ? "allowed" : "refused")} and is {answer.Status} {answer.Body.TrimEnd()}");
    }
}
