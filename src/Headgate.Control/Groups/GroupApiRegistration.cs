using Headgate.Control.Access;
using Headgate.Control.AdminApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Control.Groups;

/// <summary>Puts the API for gateway groups and workspaces (<c>/api/gateway_groups</c>, <c>/api/workspaces</c>) into a web application.</summary>
public static class GroupApiRegistration
{
    private const string PathPrefix = "/api";

    /// <summary>
    /// Serves the paths, with the keys and roles of the Admin API. Call <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built. Every request leaves the I/O
    /// thread first.
    /// </summary>
    public static void MapGroupApi(this IEndpointRouteBuilder endpoints)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        GroupScopes scopes = services.GetRequiredService<GroupScopes>();
        AdminApiHandler handler = services.GetRequiredService<AdminApiHandler>();
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        var groups = new GatewayGroupsApi(scopes, new GroupRemoval(scopes, services.GetRequiredService<InstanceTokens>()), time);
        var workspaces = new WorkspacesApi(scopes, time);
        endpoints.Map(PathPrefix + "/gateway_groups", context => handler.InvokeAsync(context, PathPrefix, groups.AnswerAsync));
        endpoints.Map(PathPrefix + "/gateway_groups/{group}", context => handler.InvokeAsync(context, PathPrefix, groups.AnswerAsync));
        foreach (string path in (string[])["/workspaces", "/workspaces/{id}"])
        {
            endpoints.Map(PathPrefix + "/gateway_groups/{group}" + path, context => handler.InvokeAsync(
                context, PathPrefix, request => workspaces.AnswerAsync(request.Segments[1], request.Segment(3), request)));

            // The short form: of the group that the query names.
            endpoints.Map(PathPrefix + path, context => handler.InvokeAsync(context, PathPrefix, request => workspaces.AnswerAsync(request.Address.Group, request.Segment(1), request)));
        }
    }
}
