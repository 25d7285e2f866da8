using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Core.Config;
using Headgate.Core.Snapshot.Explain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Control.Explain;

/// <summary>Puts the question what would be done with a request (<c>/api/explain</c>) into a web application.</summary>
public static class ExplainApiRegistration
{
    /// <summary>
    /// Serves <c>POST /api/explain</c> with an admin key of the Admin API. Call <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built.
    /// </summary>
    public static IEndpointConventionBuilder MapExplainApi(this IEndpointRouteBuilder endpoints, IRequestExplainer explainer)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        var guard = ActivatorUtilities.CreateInstance<GuardedEndpoint>(endpoints.ServiceProvider);
        return endpoints.MapPost("/api/explain", context => guard.InvokeAsync(context, (_, body) => Answer(explainer, body)));
    }

    private static AdminResponse Answer(IRequestExplainer explainer, JsonElement? body)
    {
        var errors = new ConfigErrors();
        return InventedRequestReader.Read(body, errors) is { } request
            ? ExplanationJson.Write(explainer.Explain(request))
            : AdminResponse.Refused(errors.Errors);
    }
}
