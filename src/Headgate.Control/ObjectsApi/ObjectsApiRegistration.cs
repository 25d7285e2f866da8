using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Core.Config;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Control.ObjectsApi;

/// <summary>Puts the API for objects (<c>/api/upstreams</c> and so on) into a web application.</summary>
public static class ObjectsApiRegistration
{
    private const string PathPrefix = "/api";

    /// <summary>Serves the paths. Call <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built. Every request leaves the I/O thread first.</summary>
    public static void MapObjectsApi(this IEndpointRouteBuilder endpoints)
    {
        var api = new ObjectsApi(endpoints.ServiceProvider.GetRequiredService<GroupScopes>());
        AdminApiHandler handler = endpoints.ServiceProvider.GetRequiredService<AdminApiHandler>();
        foreach (ResourceKind kind in ResourceKinds.Apisix.Where(static kind => kind != ResourceKind.Credential))
        {
            string one = kind == ResourceKind.Secret ? "/{manager}/{id}" : "/{id}";
            Map(kind.Plural());
            Map(kind.Plural() + one);
        }

        Map("consumers/{name}/credentials");
        Map("consumers/{name}/credentials/{id}");

        void Map(string path) => endpoints.Map($"{PathPrefix}/{path}", context => handler.InvokeAsync(context, PathPrefix, api.AnswerAsync, triesOut: true));
    }
}
