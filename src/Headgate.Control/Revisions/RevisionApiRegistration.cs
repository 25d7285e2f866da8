using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Control.Revisions.Audit;
using Headgate.Core.Config;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Control.Revisions;

/// <summary>Puts the API for revisions, the history of objects and their restoring (<c>/api/gateway_groups/GROUP/...</c>), and for the audit log of people and places (<c>/api/audit</c>) into a web application.</summary>
public static class RevisionApiRegistration
{
    private const string PathPrefix = "/api";

    /// <summary>
    /// Serves the paths, with the keys and roles of the Admin API. Call <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built. Every request leaves the I/O
    /// thread first.
    /// </summary>
    public static void MapRevisionApi(this IEndpointRouteBuilder endpoints)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        AdminApiHandler handler = services.GetRequiredService<AdminApiHandler>();
        var api = new RevisionApi(services.GetRequiredService<GroupScopes>());
        const string Group = PathPrefix + "/gateway_groups/{group}/";
        endpoints.MapAuditApi(PathPrefix);
        endpoints.Map(Group + "revisions/{**rest}", context => handler.InvokeAsync(context, PathPrefix, api.RevisionsAsync));
        endpoints.Map(Group + "affected", context => handler.InvokeAsync(context, PathPrefix, api.AffectedAsync));
        foreach (ResourceKind kind in ResourceKinds.Apisix.Append(ResourceKind.ServiceRegistry))
        {
            string one = Group + OneOf(kind);
            foreach (string action in (string[])["/history", "/history/{revision}", "/restore"])
                endpoints.Map(one + action, context => handler.InvokeAsync(context, PathPrefix, request => api.ObjectAsync(kind, request), triesOut: action == "/restore"));
        }
    }

    private static string OneOf(ResourceKind kind) => kind switch
    {
        ResourceKind.Credential => "consumers/{consumer}/credentials/{id}",
        ResourceKind.Secret => "secrets/{manager}/{id}",
        _ => kind.Plural() + "/{id}",
    };
}
