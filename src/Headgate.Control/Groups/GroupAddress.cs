using Headgate.Control.AdminApi;
using Headgate.Core.Config;

namespace Headgate.Control.Groups;

/// <summary>
/// Which gateway group and workspace a request to <c>/apisix/admin</c> is about: <c>?gateway_group_id=</c> (as ADC asks API7) or <c>X-Gateway-Group-Id</c>, <c>?workspace_id=</c> or
/// <c>X-Workspace-Id</c>. Without them the default ones, so that clients of APISIX see what they know.
/// </summary>
/// <param name="Group">Id of the group.</param>
/// <param name="Workspace">Id of the workspace.</param>
internal readonly record struct GroupAddress(string Group, string Workspace)
{
    /// <summary>The refusal, or null and <paramref name="address"/>.</summary>
    public static AdminResponse? Read(AdminRequest request, out GroupAddress address)
    {
        address = default;
        if (Read(request, "gateway_group_id", "X-Gateway-Group-Id", GatewayGroupConfig.DefaultId, out string group) is { } wrongGroup)
            return wrongGroup;
        if (Read(request, "workspace_id", "X-Workspace-Id", WorkspaceConfig.DefaultId, out string workspace) is { } wrongWorkspace)
            return wrongWorkspace;
        address = new GroupAddress(group, workspace);
        return null;
    }

    private static AdminResponse? Read(AdminRequest request, string argument, string header, string missing, out string id)
    {
        string? asked = request.Query.TryGetValue(argument, out var value) ? value.ToString() : null;
        string? named = request.Header(header);
        id = asked ?? named ?? missing;
        return asked is null || named is null || asked == named ? null : AdminResponse.Error(400, $"{argument}={asked} and {header}: {named} name two; give one, or the same");
    }
}
