using Headgate.Control.AdminApi;
using Headgate.Core.Config;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Groups;

/// <summary>
/// Which gateway group and workspace a request is about: <c>?gateway_group_id=</c> (as ADC asks API7) or <c>X-Gateway-Group-Id</c>, <c>?workspace_id=</c> or <c>X-Workspace-Id</c>.
/// Without them those of the caller's token, and else the default ones, so that clients of APISIX see what they know.
/// </summary>
/// <param name="Group">Id of the group.</param>
/// <param name="Workspace">Id of the workspace.</param>
internal readonly record struct GroupAddress(string Group, string Workspace)
{
    /// <summary>The default workspace of the default group.</summary>
    public static GroupAddress Default { get; } = new(GatewayGroupConfig.DefaultId, WorkspaceConfig.DefaultId);

    /// <summary>The refusal, or null and <paramref name="address"/>. <paramref name="home"/>: what counts when nothing is named.</summary>
    public static AdminResponse? Read(HttpRequest request, GroupAddress home, out GroupAddress address)
    {
        address = home;
        if (Read(request, "gateway_group_id", "X-Gateway-Group-Id", home.Group, out string group) is { } wrongGroup)
            return wrongGroup;
        string missing = group == home.Group ? home.Workspace : WorkspaceConfig.DefaultId;
        if (Read(request, "workspace_id", "X-Workspace-Id", missing, out string workspace) is { } wrongWorkspace)
            return wrongWorkspace;
        address = new GroupAddress(group, workspace);
        return null;
    }

    private static AdminResponse? Read(HttpRequest request, string argument, string header, string missing, out string id)
    {
        string? asked = request.Query.TryGetValue(argument, out var value) ? value.ToString() : null;
        string? named = request.Headers.TryGetValue(header, out var field) ? field.ToString() : null;
        id = asked ?? named ?? missing;
        return asked is null || named is null || asked == named ? null : AdminResponse.Error(400, $"{argument}={asked} and {header}: {named} name two; give one, or the same");
    }
}
