using Headgate.Control.AdminApi;
using Headgate.Core.Config;

namespace Headgate.Control.OpenApi;

/// <summary>All that <c>/api</c> does. A test compares it with the paths that are served.</summary>
internal static class ApiOperations
{
    private static readonly string[] Paging = ["page", "page_size"];

    /// <summary>Of a write of what gateway instances run.</summary>
    private static readonly string[] Writing = ["dry-run", ApiOperation.Wait];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } = [.. Objects(), .. Nodes(), .. Groups(), .. Instances(), .. Revisions(), .. Registries(), .. People(), .. Explaining()];

    private static IEnumerable<ApiOperation> Objects()
    {
        foreach (ResourceKind kind in ResourceKinds.Apisix)
        {
            string all = kind == ResourceKind.Credential ? "/api/consumers/{name}/credentials" : "/api/" + kind.Plural();
            string one = all + (kind == ResourceKind.Secret ? "/{manager}/{id}" : "/{id}");
            (string schema, string noun) = (kind.SchemaName(), kind.Singular());
            yield return new ApiOperation("GET", all, "objects", $"The {kind.Plural()} of a workspace") { Answer = schema, IsList = true, Query = [.. Paging, "name", "label", .. Filters(kind)] };
            if (kind.Supports("POST"))
                yield return new ApiOperation("POST", all, "objects", $"Makes a {noun}; its id is given") { Body = schema, Answer = schema, IsMaking = true, Query = Writing };
            yield return new ApiOperation("GET", one, "objects", $"One {noun}") { Answer = schema };
            yield return new ApiOperation("PUT", one, "objects", $"Makes or replaces a {noun}") { Body = schema, Answer = schema, Query = Writing };
            if (kind.Supports("PATCH"))
                yield return new ApiOperation("PATCH", one, "objects", $"Changes members of a {noun} (JSON merge: null removes)") { Answer = schema, Query = Writing };
            yield return new ApiOperation("DELETE", one, "objects", $"Deletes a {noun}; refused while it is used") { Query = Writing };
        }
    }

    private static string[] Filters(ResourceKind kind) => kind switch
    {
        ResourceKind.Route => ["plugin", "uri", "filter"],
        ResourceKind.Service => ["plugin"],
        _ => [],
    };

    private static IEnumerable<ApiOperation> Nodes()
    {
        foreach (ResourceKind kind in ResourceKinds.UpstreamOwners)
        {
            string nodes = $"/api/{kind.Plural()}/{{id}}/nodes";
            yield return new ApiOperation("GET", nodes, "nodes", "Nodes as all instances see them, or one") { Answer = "nodes", IsBare = true, Query = [.. Paging, "search", "state", "instance_id"] };
            yield return new ApiOperation("GET", nodes + "/{node}", "nodes", "One node") { Answer = "node", IsBare = true, Query = ["instance_id"] };
            yield return new ApiOperation("GET", nodes + "/{node}/timeline", "nodes", "What happened to it") { Answer = "timeline", IsBare = true, Query = ["instance_id"] };
            yield return new ApiOperation("GET", $"/api/{kind.Plural()}/{{id}}/timeline", "nodes", "What happened to all of them, the latest first") { Answer = "upstream_timeline", IsBare = true, Query = ["limit", "instance_id"] };
            yield return new ApiOperation("GET", $"/api/{kind.Plural()}/{{id}}/overrides", "overrides", "Operators' words on its nodes") { Answer = "override", IsList = true };
            yield return new ApiOperation("GET", nodes + "/{node}/override", "overrides", "An operator's word on it") { Answer = "override", IsBare = true };
            yield return new ApiOperation("PUT", nodes + "/{node}/override", "overrides", "Drains it, or forces it up or down") { Body = "override_order", Answer = "override", IsBare = true };
            yield return new ApiOperation("DELETE", nodes + "/{node}/override", "overrides", "Takes the word back");
        }

        yield return new ApiOperation("GET", "/api/overrides", "overrides", "All of them") { Answer = "override", IsList = true };
    }

    private static IEnumerable<ApiOperation> Instances()
    {
        foreach (string all in (string[])["/api/instances", "/api/gateway_groups/{group}/instances"])
        {
            yield return new ApiOperation("GET", all, "instances", "The gateway instances of a group, and how they are") { Answer = "instance", IsList = true };
            yield return new ApiOperation("GET", all + "/{id}", "instances", "One instance") { Answer = "instance" };
            yield return new ApiOperation("DELETE", all + "/{id}", "instances", "Forgets an instance that is no longer there");
        }

        string[] page = [.. Paging, "workspace_id"];
        yield return new ApiOperation("GET", "/api/gateway_groups/{group}/health", "instances", "Nodes that some instance does not see up, and who sees them how") { Answer = "group_health", IsBare = true, Query = ["upstream", "state", .. page] };
        yield return new ApiOperation("GET", "/api/gateway_groups/{group}/traffic", "instances", "Requests a second and latencies over all instances, by route, upstream or node") { Answer = "traffic", IsBare = true, Query = ["by", "route", "upstream", .. page] };
        yield return new ApiOperation("GET", "/api/gateway_groups/{group}/convergence", "instances", "Which instances run the newest revision") { Answer = "convergence", IsBare = true };
        yield return new ApiOperation("GET", "/api/gateway_groups/{group}/revisions/{revision}/convergence", "instances", "Which instances run a revision") { Answer = "convergence", IsBare = true };
    }

    private static IEnumerable<ApiOperation> Groups()
    {
        foreach ((string all, string one, string schema, string noun) in new[]
        {
            ("/api/gateway_groups", "/api/gateway_groups/{group}", "gateway_group", "gateway group"),
            ("/api/gateway_groups/{group}/workspaces", "/api/gateway_groups/{group}/workspaces/{id}", "workspace", "workspace"),
            ("/api/workspaces", "/api/workspaces/{id}", "workspace", "workspace"),
        })
        {
            yield return new ApiOperation("GET", all, "gateway groups", $"The {noun}s that one may see") { Answer = schema, IsList = true, Query = schema == "gateway_group" ? ["name", "search"] : [] };
            yield return new ApiOperation("POST", all, "gateway groups", $"Makes a {noun}") { Body = schema, Answer = schema, IsMaking = true };
            yield return new ApiOperation("GET", one, "gateway groups", $"One {noun}") { Answer = schema };
            yield return new ApiOperation("PUT", one, "gateway groups", $"Makes or replaces a {noun}") { Body = schema, Answer = schema };
            yield return new ApiOperation("DELETE", one, "gateway groups", $"Deletes an empty {noun}") { Query = schema == "gateway_group" ? ["confirm"] : [] };
        }
    }

    private static IEnumerable<ApiOperation> Revisions()
    {
        const string Group = "/api/gateway_groups/{group}";
        const string Tag = "revisions";
        string[] filters = ["who", "from", "to", "before", "page_size", "format", "workspace_id"];
        yield return new ApiOperation("GET", Group + "/revisions", Tag, "Every change, newest first") { Answer = "revisions", IsBare = true, Query = ["kind", "id", "key", .. filters] };
        yield return new ApiOperation("GET", Group + "/audit", Tag, "Every change of the group, its workspaces and tokens, newest first") { Answer = "revisions", IsBare = true, Query = ["kind", "id", .. filters[..^1]] };
        yield return new ApiOperation("GET", "/api/audit", Tag, "Every change of users, tokens, gateway groups and workspaces, newest first") { Answer = "revisions", IsBare = true, Query = ["kind", "id", .. filters[..^1]] };
        yield return new ApiOperation("GET", Group + "/affected", Tag, "Whom an edit of objects would concern: who uses them") { Answer = "affected_of", IsList = true, Query = ["of", "workspace_id"] };
        yield return new ApiOperation("GET", Group + "/revisions/{revision}", Tag, "What one revision changed");
        yield return new ApiOperation("GET", Group + "/revisions/{revision}/{kind}", Tag, "All objects of a kind as they were after a revision") { IsList = true, Query = ["workspace_id"] };
        foreach (ResourceKind kind in ResourceKinds.Apisix.Append(ResourceKind.ServiceRegistry))
        {
            string one = Group + (kind switch
            {
                ResourceKind.Credential => "/consumers/{name}/credentials/{id}",
                ResourceKind.Secret => "/secrets/{manager}/{id}",
                _ => $"/{kind.Plural()}/{{id}}",
            });
            yield return new ApiOperation("GET", one + "/history", Tag, $"The changes of a {kind.Singular()}, newest first") { Answer = "history", IsBare = true, Query = ["compare", .. filters] };
            yield return new ApiOperation("GET", one + "/history/{revision}", Tag, $"A {kind.Singular()} as it was after a revision") { Query = ["workspace_id"] };
            yield return new ApiOperation("POST", one + "/restore", Tag, $"Writes a {kind.Singular()} as it was after a revision") { Query = [.. Writing, "workspace_id"] };
        }
    }

    private static IEnumerable<ApiOperation> Registries()
    {
        const string All = "/api/gateway_groups/{group}/service_registries";
        const string One = All + "/{id}";
        const string Tag = "service registries";
        yield return new ApiOperation("GET", All, Tag, "Registries of config.yaml and connections, with their status") { Answer = "service_registry", IsList = true, Query = [.. Paging, "search"] };
        yield return new ApiOperation("POST", All, Tag, "Makes a connection") { Body = "service_registry", Answer = "service_registry", IsMaking = true, Query = Writing };
        yield return new ApiOperation("POST", All + "/test", Tag, "Tries a connection that is not stored") { Body = "service_registry", Answer = "registry_test" };
        yield return new ApiOperation("GET", One, Tag, "One") { Answer = "service_registry" };
        yield return new ApiOperation("PUT", One, Tag, "Makes or replaces a connection") { Body = "service_registry", Answer = "service_registry", Query = Writing };
        yield return new ApiOperation("PATCH", One, Tag, "Changes members of a connection (JSON merge: null removes)") { Answer = "service_registry", Query = Writing };
        yield return new ApiOperation("DELETE", One, Tag, "Deletes a connection; refused while it is used") { Query = [.. Writing, "force"] };
        yield return new ApiOperation("POST", One + "/test", Tag, "Tries it, as stored or as in the body") { Body = "service_registry", Answer = "registry_test" };
        yield return new ApiOperation("GET", One + "/status", Tag, "How it is") { Answer = "registry_status" };
        yield return new ApiOperation("GET", One + "/connected_services", Tag, "Who uses it") { Answer = "registry_user", IsList = true, Query = Paging };
        yield return new ApiOperation("GET", One + "/health_check_history", Tag, "How it was") { Answer = "registry_change", IsList = true, Query = [.. Paging, "direction"] };
        yield return new ApiOperation("GET", One + "/services", Tag, "Services that it has") { Answer = "service_name", IsList = true, Query = [.. Paging, "search", "max"] };
        yield return new ApiOperation("GET", One + "/services/{name}/instances", Tag, "Instances of a service") { Answer = "service_instances", IsBare = true, Query = ["namespace_id", "group_name", "datacenter", "tag"] };
        yield return new ApiOperation("GET", "/api/gateway_groups/{group}/discovery/services", Tag, "Services that upstreams follow") { Answer = "followed_service", IsList = true, Query = [.. Paging, "registry", "service_name", "instances"] };
        yield return new ApiOperation("POST", "/api/gateway_groups/{group}/discovery/services/release", Tag, "Lets instances go that the guard holds") { Body = "release_order", Answer = "released", IsBare = true };
    }

    private static IEnumerable<ApiOperation> People()
    {
        const string Tag = "people";
        yield return new ApiOperation("POST", "/api/session", Tag, "Logs in") { Body = "login", Answer = "session", IsPublic = true };
        yield return new ApiOperation("GET", "/api/session", Tag, "Who one is") { Answer = "session" };
        yield return new ApiOperation("DELETE", "/api/session", Tag, "Logs out");
        yield return new ApiOperation("PUT", "/api/session/password", Tag, "Changes one's password") { Body = "password_change", Answer = "session" };
        yield return new ApiOperation("GET", "/api/users", Tag, "All users") { Answer = "user", IsList = true };
        yield return new ApiOperation("POST", "/api/users", Tag, "Makes a user; a password that was made is shown once") { Body = "user", Answer = "user", IsMaking = true };
        yield return new ApiOperation("GET", "/api/users/{name}", Tag, "One user") { Answer = "user" };
        yield return new ApiOperation("PUT", "/api/users/{name}", Tag, "Changes a user") { Body = "user", Answer = "user" };
        yield return new ApiOperation("DELETE", "/api/users/{name}", Tag, "Deletes a user");
        yield return new ApiOperation("POST", "/api/users/{name}/password", Tag, "Gives a user a new password, shown once") { Answer = "user" };
        yield return new ApiOperation("GET", "/api/tokens", Tag, "One's API tokens") { Answer = "token", IsList = true };
        yield return new ApiOperation("POST", "/api/tokens", Tag, "Makes an API token, shown once") { Body = "token", Answer = "token", IsMaking = true };
        yield return new ApiOperation("DELETE", "/api/tokens/{id}", Tag, "Deletes an API token");
        yield return new ApiOperation("GET", "/api/gateway_groups/{group}/instance_tokens", "gateway groups", "Tokens that the group's instances report with") { Answer = "instance_token", IsList = true };
        yield return new ApiOperation("POST", "/api/gateway_groups/{group}/instance_tokens", "gateway groups", "Makes an instance token, shown once, with the commands that add an instance") { Body = "instance_token", Answer = "instance_token", IsMaking = true };
        yield return new ApiOperation("DELETE", "/api/gateway_groups/{group}/instance_tokens/{id}", "gateway groups", "Deletes an instance token");
    }

    private static IEnumerable<ApiOperation> Explaining()
    {
        yield return new ApiOperation("POST", "/api/explain", "explain", "What would be done with a request") { Body = "explain_request", Answer = "explanation", IsBare = true, Query = ["instance_id"] };
        yield return new ApiOperation("GET", "/api/explain/recent", "explain", "The latest requests and what was done with them") { Answer = "recent_requests", IsBare = true, Query = ["limit", "upstream", "route", "instance_id"] };
        yield return new ApiOperation("GET", "/api/plugins", "plugins", "The plugins that there are, in the order in which they run, with their schemas") { Answer = "plugin", IsList = true };
        yield return new ApiOperation("GET", "/api/openapi.json", "openapi", "This document");
    }
}
