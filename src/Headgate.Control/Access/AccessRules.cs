using Headgate.Control.Groups;
using Headgate.Core.Config;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Access;

/// <summary>
/// The one place that says who may do what: of every request the role that it needs, and where. A path that is not here needs more than anybody has: deny by default.
/// </summary>
internal static class AccessRules
{
    /// <summary>What a request needs; null = nobody may.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="isAdminApi">Whether it is one of <c>/apisix/admin</c>; else one of <c>/api</c>.</param>
    /// <param name="path">Parts of the path below that.</param>
    /// <param name="address">The group and workspace that it names, or the default ones.</param>
    /// <param name="workspaceOf">The workspace of an object of that group, by its key.</param>
    public static AccessNeed? NeedOf(string method, bool isAdminApi, string[] path, GroupAddress address, Func<string, string> workspaceOf)
    {
        bool reads = HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
        return isAdminApi ? OfAdminApi(method, reads, path, address) : OfApi(reads, path, address, workspaceOf);
    }

    private static AccessNeed? OfAdminApi(string method, bool reads, string[] path, GroupAddress address)
    {
        string group = address.Group;
        return path switch
        {
            [] => new AccessNeed(AccessRole.Viewer, AccessScope.Anywhere),
            ["schema" or "plugins", ..] when reads => new AccessNeed(AccessRole.Viewer, AccessScope.Anywhere),
            ["schema" or "configs", "validate", ..] when HttpMethods.IsPost(method) => new AccessNeed(AccessRole.Viewer, AccessScope.Anywhere),
            ["plugins", "reload"] => new AccessNeed(AccessRole.Owner, AccessScope.Everywhere),
            ["configs", ..] => new AccessNeed(reads ? AccessRole.Viewer : AccessRole.Owner, AccessScope.Group, group),
            [var kind, ..] => OfObjects(reads, kind, address),
        };
    }

    /// <summary>What belongs to the group is seen by whoever sees its default workspace; in others it is not there.</summary>
    private static AccessNeed OfObjects(bool reads, string kind, GroupAddress address)
    {
        if (reads)
            return new AccessNeed(AccessRole.Viewer, AccessScope.Workspace, address.Group, address.Workspace);
        bool isOwned = ResourceKinds.Apisix.Any(known => known.Plural() == kind && WorkspaceRules.IsOwned(known));
        return new AccessNeed(AccessRole.Editor, isOwned ? AccessScope.Workspace : AccessScope.Group, address.Group, address.Workspace);
    }

    private static AccessNeed? OfApi(bool reads, string[] path, GroupAddress address, Func<string, string> workspaceOf)
    {
        AccessNeed everywhere = new(AccessRole.Owner, AccessScope.Everywhere);
        return path switch
        {
            ["gateway_groups"] => reads ? new AccessNeed(AccessRole.Viewer, AccessScope.Anywhere) : everywhere,
            ["gateway_groups", var group] => reads ? new AccessNeed(AccessRole.Viewer, AccessScope.InGroup, group) : everywhere,
            ["gateway_groups", var group, "workspaces", var workspace] when reads => new AccessNeed(AccessRole.Viewer, AccessScope.Workspace, group, workspace),
            ["workspaces", var workspace] when reads => new AccessNeed(AccessRole.Viewer, AccessScope.Workspace, address.Group, workspace),
            ["gateway_groups", var group, "workspaces", ..] => InGroup(group, reads, AccessRole.Owner),
            ["workspaces", ..] => InGroup(address.Group, reads, AccessRole.Owner),
            ["gateway_groups", var group, "instances" or "convergence" or "health" or "traffic", ..] => InGroup(group, reads, AccessRole.Owner),
            ["gateway_groups", var group, "service_registries", ..] => InGroup(group, reads, AccessRole.Editor),
            ["gateway_groups", var group, "discovery", ..] => InGroup(group, reads, AccessRole.Operator),
            ["gateway_groups", var group, "instance_tokens" or "audit", ..] => new AccessNeed(AccessRole.Owner, AccessScope.Group, group),

            // What was is seen by whoever sees what is; restoring is a write of the object.
            ["gateway_groups", var group, "revisions" or "affected", ..] when reads => new AccessNeed(AccessRole.Viewer, AccessScope.Workspace, group, address.Workspace),
            ["gateway_groups", var group, _, .., "history"] when reads => new AccessNeed(AccessRole.Viewer, AccessScope.Workspace, group, address.Workspace),
            ["gateway_groups", var group, _, .., "history", _] when reads => new AccessNeed(AccessRole.Viewer, AccessScope.Workspace, group, address.Workspace),
            ["gateway_groups", var group, var kind, .., "restore"] => OfObjects(reads: false, kind, address with { Group = group }),
            ["gateway_groups", var group, ..] => new AccessNeed(reads ? AccessRole.Viewer : AccessRole.Owner, AccessScope.Group, group),
            ["instances", ..] => InGroup(address.Group, reads, AccessRole.Owner),
            ["overrides"] or ["explain", ..] => new AccessNeed(AccessRole.Viewer, AccessScope.Group, address.Group),
            [var kind, var id, "nodes" or "timeline" or "overrides", ..] => new AccessNeed(
                reads ? AccessRole.Viewer : AccessRole.Operator, AccessScope.Workspace, address.Group, workspaceOf($"{ResourceKinds.DefaultPrefix}/{kind}/{id}")),
            [var kind, ..] when ResourceKinds.Apisix.Any(known => known.Plural() == kind) => OfObjects(reads, kind, address),
            ["users" or "audit", ..] => everywhere,
            ["session", ..] or ["tokens", ..] or ["openapi.json"] or ["plugins"] => new AccessNeed(AccessRole.Viewer, AccessScope.Anywhere),
            _ => null,
        };
    }

    private static AccessNeed InGroup(string group, bool reads, AccessRole writer) =>
        reads ? new AccessNeed(AccessRole.Viewer, AccessScope.InGroup, group) : new AccessNeed(writer, AccessScope.Group, group);
}
