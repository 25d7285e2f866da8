using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Control.Revisions.Audit;

/// <summary>Puts the audit log of people and places into a web application.</summary>
internal static class AuditApiRegistration
{
    /// <summary>Serves <c>audit</c> below <paramref name="prefix"/> and below a gateway group.</summary>
    public static void MapAuditApi(this IEndpointRouteBuilder endpoints, string prefix)
    {
        AdminApiHandler handler = endpoints.ServiceProvider.GetRequiredService<AdminApiHandler>();
        var api = new AuditApi(endpoints.ServiceProvider.GetRequiredService<GroupScopes>());
        endpoints.MapGet(prefix + "/audit", context => handler.InvokeAsync(context, prefix, api.AllAsync));
        endpoints.MapGet(prefix + "/gateway_groups/{group}/audit", context => handler.InvokeAsync(context, prefix, api.OfGroupAsync));
    }
}
