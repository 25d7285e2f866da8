using Headgate.Control.Access;
using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Core.Config;

namespace Headgate.Control.FleetHealth;

/// <summary>Which objects of a gateway group a request may be told about: those of the workspaces that its caller may look into, or of the one that it names.</summary>
internal sealed class VisibleOwners(AdminRequest request, GroupScope group)
{
    private readonly Dictionary<string, bool> _workspaces = new(StringComparer.Ordinal);
    private readonly bool _isNarrow = request.Query.ContainsKey("workspace_id") || request.Header("X-Workspace-Id").Count > 0;

    /// <summary>Whether it may be told about what <paramref name="owner"/> holds: an upstream's owner (<c>upstreams/1</c>, <c>routes/1/traffic-split/0.0</c>) or an object.</summary>
    public bool Sees(string owner)
    {
        int second = owner.IndexOf('/', owner.IndexOf('/', StringComparison.Ordinal) + 1);
        string key = $"{ResourceKinds.DefaultPrefix}/{(second < 0 ? owner : owner[..second])}";
        string workspace = group.Tenancy.OwnerOf(key)?.Workspace ?? WorkspaceConfig.DefaultId;
        if (!_workspaces.TryGetValue(workspace, out bool sees))
        {
            sees = (!_isNarrow || workspace == request.Workspace)
                && new AccessNeed(AccessRole.Viewer, AccessScope.Workspace, group.Group, workspace).IsMetBy(request.Caller.Grants);
            _workspaces[workspace] = sees;
        }

        return sees;
    }
}
