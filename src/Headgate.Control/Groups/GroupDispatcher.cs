using Headgate.Control.AdminApi;
using Headgate.Core.Config;

namespace Headgate.Control.Groups;

/// <summary>Sends a request to <c>/apisix/admin</c> to the gateway group and workspace that it is about.</summary>
internal sealed class GroupDispatcher(GroupScopes scopes)
{
    public async ValueTask<AdminResponse> DispatchAsync(AdminRequest request)
    {
        GroupAddress address = request.Address;
        if (await scopes.FindAsync(address.Group, request.Aborted) is not { } scope)
            return Unknown(address.Group);
        if (address.Workspace != WorkspaceConfig.DefaultId && await scope.FindWorkspaceAsync(address.Workspace, request.Aborted) is null)
            return scope.Rules.Unknown(address.Workspace);
        return await scope.Dispatcher.DispatchAsync(request);
    }

    /// <summary>What a request is told about a group that is not there.</summary>
    public static AdminResponse Unknown(string group) => AdminResponse.Error(404, $"there is no gateway group {group}");
}
