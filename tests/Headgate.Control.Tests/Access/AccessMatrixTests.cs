using System.Text.Json;
using Headgate.Control.Access;
using Headgate.Control.Groups;
using Headgate.Control.Tests.AdminApi;
using Microsoft.AspNetCore.Routing;

namespace Headgate.Control.Tests.Access;

/// <summary>
/// Paths of the Admin API, and of the default workspace, by every role, in one's own workspace and in another's: what is not expressly allowed is 403. For those of the OpenAPI document see
/// <see cref="ApiMatrixTests"/>.
/// </summary>
public sealed class AccessMatrixTests : AccessTest
{
    private static readonly string[] Roles = ["viewer", "editor", "operator", "owner"];

    /// <summary>Method, path, and the least role: in the workspace (w), in the group (g), or everywhere (e). What names no workspace is about the default one.</summary>
    private static readonly (string Method, string Path, string Role, char Where)[] Requests =
    [
        ("GET", "upstreams?workspace_id=a", "viewer", 'w'), ("GET", "upstreams/none?workspace_id=a", "viewer", 'w'),
        ("PUT", "upstreams/x?workspace_id=a", "editor", 'w'), ("PATCH", "upstreams/none?workspace_id=a", "editor", 'w'), ("DELETE", "upstreams/none?workspace_id=a", "editor", 'w'),
        ("POST", "routes?workspace_id=a", "editor", 'w'), ("PUT", "consumers?workspace_id=a", "editor", 'w'), ("PUT", "ssls/1?workspace_id=a", "editor", 'w'),
        ("GET", "upstreams", "viewer", 'g'), ("PUT", "upstreams/y", "editor", 'g'), ("PUT", "global_rules/1", "editor", 'g'), ("PUT", "plugin_metadata/x", "editor", 'g'),
        ("PUT", "global_rules/1?workspace_id=a", "editor", 'g'), ("PUT", "secrets/vault/1", "editor", 'g'), ("PUT", "plugins/reload", "owner", 'e'),
        ("PUT", "upstreams/x?workspace_id=a&dry-run=true", "editor", 'w'), ("GET", "/api/upstreams", "viewer", 'g'), ("GET", "/api/gateway_groups/default/revisions", "viewer", 'g'),
        ("GET", "/api/gateway_groups/default/upstreams/x/history/1", "viewer", 'g'), ("POST", "/api/gateway_groups/default/upstreams/x/restore", "editor", 'g'),
        ("GET", "upstreams?gateway_group_id=other", "viewer", 'e'), ("PUT", "upstreams/1?gateway_group_id=other", "editor", 'e'),
    ];

    [Fact]
    public async Task EveryRequest_ByEveryRole_InEveryPlace()
    {
        await Admin.Put("/api/gateway_groups/default/workspaces/a", """{"name":"a"}""");
        await Admin.Put("/api/gateway_groups/default/workspaces/b", """{"name":"b"}""");
        await Admin.Put("/api/gateway_groups/other", """{"name":"other"}""");
        List<string> wrong = [];
        foreach (string role in Roles)
        {
            foreach ((string place, string more, char reach) in new[]
            {
                ("own", ",\"gateway_group_id\":\"default\",\"workspace_id\":\"a\"", 'w'), ("foreign", ",\"gateway_group_id\":\"default\",\"workspace_id\":\"b\"", '-'),
                ("group", ",\"gateway_group_id\":\"default\"", 'g'), ("other", ",\"gateway_group_id\":\"other\"", 'o'), ("all", "", 'e'),
            })
            {
                Person person = await PutAsync($"{role}-{place}", $$"""[{"role":"{{role}}"{{more}}}]""");
                foreach ((string method, string path, string least, char where) in Requests)
                {
                    int status = (await person.Send(method, path, method is "PUT" or "POST" or "PATCH" ? "{}" : null)).Status;
                    bool reaches = reach == 'e' || (reach == 'g' && where is 'w' or 'g' && reach == 'g') || (reach == 'w' && where == 'w') || (reach == 'o' && path.EndsWith("gateway_group_id=other", StringComparison.Ordinal));
                    bool allowed = reaches && Array.IndexOf(Roles, role) >= Array.IndexOf(Roles, least);
                    if (allowed == status is 403)
                        wrong.Add($"{role} {place}: {method} {path} is {status}");
                }
            }
        }

        wrong.ShouldBeEmpty(string.Join('\n', wrong));
    }

    [Fact]
    public void EveryMappedPath_HasARule_AndUnknownOnesAreRefused()
    {
        foreach (RouteEndpoint endpoint in Server.Endpoints.Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal)))
        {
            string[] path = [.. endpoint.RoutePattern.RawText!["/api/".Length..].Split('/').Select(part => part.StartsWith('{') ? "x" : part)];
            foreach (string method in (string[])["GET", "PUT", "POST", "PATCH", "DELETE"])
                AccessRules.NeedOf(method, isAdminApi: false, path, GroupAddress.Default, _ => "default").ShouldNotBeNull(endpoint.RoutePattern.RawText);
        }

        AccessRules.NeedOf("GET", isAdminApi: false, ["somewhere"], GroupAddress.Default, _ => "default").ShouldBeNull();
    }

    [Fact]
    public async Task Lists_HoldWhatOneMaySee()
    {
        await Admin.Put("/api/gateway_groups/default/workspaces/a", """{"name":"a"}""");
        await Admin.Put("/api/gateway_groups/default/workspaces/b", """{"name":"b"}""");
        await Admin.Put("/api/gateway_groups/other", """{"name":"other"}""");
        Person jane = await PutAsync("jane", """[{"role":"owner","gateway_group_id":"default","workspace_id":"a"}]""");
        Ids(await jane.Send("GET", "/api/gateway_groups")).ShouldBe(["default"]);
        Ids(await jane.Send("GET", "/api/workspaces")).ShouldBe(["a"]);
        Ids(await Admin.Get("/api/workspaces")).ShouldBe(["default", "a", "b"]);
    }

    private static string[] Ids(AdminAnswer answer) => [.. answer.ShouldBe(200).Json.GetProperty("list").EnumerateArray().Select(static (JsonElement item) => item.GetProperty("id").GetString()!)];
}
