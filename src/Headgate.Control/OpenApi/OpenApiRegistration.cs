using Headgate.Control.AdminApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Control.OpenApi;

/// <summary>Puts the OpenAPI document of <c>/api</c> into a web application.</summary>
public static class OpenApiRegistration
{
    private const string PathPrefix = "/api";

    /// <summary>Serves <c>GET /api/openapi.json</c> to everybody who is known. Call <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built.</summary>
    public static void MapOpenApi(this IEndpointRouteBuilder endpoints)
    {
        AdminApiHandler handler = endpoints.ServiceProvider.GetRequiredService<AdminApiHandler>();
        ReadOnlyMemory<byte> document = OpenApiDocument.Build(endpoints.ServiceProvider.GetRequiredService<AdminApiOptions>().Version);
        endpoints.MapGet(PathPrefix + "/openapi.json", context => handler.InvokeAsync(context, PathPrefix, _ => ValueTask.FromResult(AdminResponse.Raw(200, document))));
    }
}
