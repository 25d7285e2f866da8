using System.Text.RegularExpressions;
using Headgate.Control.Access;

namespace Headgate.Control.Tests.Access;

/// <summary>
/// Who may do what below <c>/api</c>, told a second time and in other words than <see cref="AccessRules"/> has: what is in no row is nobody's. A new endpoint needs a row here.
/// </summary>
/// <param name="Methods">Those that it is about, with spaces between.</param>
/// <param name="Path">All of the path, as a regular expression; a parameter is a colon.</param>
/// <param name="Least">The least role.</param>
/// <param name="Where">Where it must be held.</param>
internal sealed record ApiExpectation(string Methods, string Path, AccessRole Least, ApiExpectation.Reach Where)
{
    private const string Owned = "(upstreams|routes|services|consumers|consumers/:/credentials|consumer_groups|plugin_configs|ssls)";
    private const string Shared = "(global_rules|plugin_metadata|protos|secrets|secrets/:)";
    private const string Group = "/api/gateway_groups/:";
    private const string Registries = Group + "/(service_registries|discovery)";

    /// <summary>The table.</summary>
    public static IReadOnlyList<ApiExpectation> All { get; } =
    [
        new("POST", "/api/session", default, Reach.Public),
        new("GET DELETE", "/api/session", AccessRole.Viewer, Reach.Anywhere),
        new("PUT", "/api/session/password", AccessRole.Viewer, Reach.Anywhere),
        new("GET POST DELETE", "/api/tokens(/:)?", AccessRole.Viewer, Reach.Anywhere),
        new("GET", "/api/openapi.json", AccessRole.Viewer, Reach.Anywhere),
        new("GET", "/api/plugins", AccessRole.Viewer, Reach.Anywhere),
        new("GET POST PUT DELETE", "/api/users(/:(/password)?)?", AccessRole.Owner, Reach.Everywhere),
        new("GET", "/api/audit", AccessRole.Owner, Reach.Everywhere),

        new("GET", "/api/gateway_groups", AccessRole.Viewer, Reach.Anywhere),
        new("GET", Group, AccessRole.Viewer, Reach.InGroup),
        new("POST PUT DELETE", "/api/gateway_groups(/:)?", AccessRole.Owner, Reach.Everywhere),
        new("GET POST DELETE", Group + "/instance_tokens(/:)?", AccessRole.Owner, Reach.Group),
        new("GET", Group + "/audit", AccessRole.Owner, Reach.Group),
        new("GET", $"({Group}|/api)/instances(/:)?", AccessRole.Viewer, Reach.InGroup),
        new("DELETE", $"({Group}|/api)/instances/:", AccessRole.Owner, Reach.Group),
        new("GET", Group + "/(convergence|health|traffic)", AccessRole.Viewer, Reach.InGroup),
        new("GET", $"({Group}|/api)/workspaces", AccessRole.Viewer, Reach.InGroup),
        new("GET", $"({Group}|/api)/workspaces/:", AccessRole.Viewer, Reach.Workspace),
        new("POST PUT DELETE", $"({Group}|/api)/workspaces(/:)?", AccessRole.Owner, Reach.Group),

        new("GET", $"/api/({Owned}|{Shared})(/:)?", AccessRole.Viewer, Reach.Workspace),
        new("POST PUT PATCH DELETE", $"/api/{Owned}(/:)?", AccessRole.Editor, Reach.Workspace),
        new("POST PUT PATCH DELETE", $"/api/{Shared}(/:)?", AccessRole.Editor, Reach.Group),

        new("GET", Group + "/affected", AccessRole.Viewer, Reach.Workspace),
        new("GET", Group + "/revisions(/:(/:|/convergence)?)?", AccessRole.Viewer, Reach.Workspace),
        new("GET", $"{Group}/({Owned}|{Shared})/:/history(/:)?", AccessRole.Viewer, Reach.Workspace),
        new("POST", $"{Group}/{Owned}/:/restore", AccessRole.Editor, Reach.Workspace),
        new("POST", $"{Group}/{Shared}/:/restore", AccessRole.Editor, Reach.Group),

        new("GET", Registries + "/.*", AccessRole.Viewer, Reach.InGroup),
        new("GET", Group + "/service_registries", AccessRole.Viewer, Reach.InGroup),
        new("POST PUT PATCH DELETE", Group + "/service_registries(/.*)?", AccessRole.Editor, Reach.Group),
        new("POST", Group + "/discovery/services/release", AccessRole.Operator, Reach.Group),

        new("GET", "/api/(upstreams|routes|services)/:/(nodes(/.*)?|timeline|overrides)", AccessRole.Viewer, Reach.Workspace),
        new("PUT DELETE", "/api/(upstreams|routes|services)/:/nodes/:/override", AccessRole.Operator, Reach.Workspace),
        new("GET", "/api/overrides", AccessRole.Viewer, Reach.Group),
        new("GET POST", "/api/explain(/recent)?", AccessRole.Viewer, Reach.Group),
    ];

    /// <summary>Where a role must be held. The requests are about workspace <c>a</c> of group <c>default</c>.</summary>
    internal enum Reach
    {
        /// <summary>Nobody has to say who they are.</summary>
        Public,

        /// <summary>By whoever has a role.</summary>
        Anywhere,

        /// <summary>In the group or a workspace of it.</summary>
        InGroup,

        /// <summary>In the workspace.</summary>
        Workspace,

        /// <summary>In all of the group.</summary>
        Group,

        /// <summary>In all groups.</summary>
        Everywhere,
    }

    /// <summary>The rows about an endpoint; <paramref name="path"/> as in the OpenAPI document.</summary>
    public static ApiExpectation[] Of(string method, string path)
    {
        string plain = Regex.Replace(path, @"\{[a-z_]+\}", ":");
        return [.. All.Where(row => row.Methods.Split(' ').Contains(method) && Regex.IsMatch(plain, $"^{row.Path}$"))];
    }

    /// <summary>Whether somebody with one role in one place may. <paramref name="place"/>: of <see cref="ApiMatrixTests"/>.</summary>
    public bool Allows(AccessRole role, string place) => role >= Least && Where switch
    {
        Reach.Public or Reach.Anywhere => true,
        Reach.InGroup => place is "own" or "foreign" or "group" or "all",
        Reach.Workspace => place is "own" or "group" or "all",
        Reach.Group => place is "group" or "all",
        _ => place is "all",
    };
}
