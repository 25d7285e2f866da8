using System.Globalization;
using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.Instances;
using Headgate.Core.Config;
using Headgate.Core.Snapshot.Explain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Control.Explain;

/// <summary>Puts the question what would be done with a request (<c>/api/explain</c>) into a web application.</summary>
public static class ExplainApiRegistration
{
    private const string PathPrefix = "/api";
    private const int LimitMax = 10_000;

    /// <summary>
    /// Serves <c>POST /api/explain</c> with an admin key of the Admin API, and <c>GET /api/explain/recent</c> with any: an instance answers, which <c>?instance_id=</c> may name. Call
    /// <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built.
    /// </summary>
    public static void MapExplainApi(this IEndpointRouteBuilder endpoints)
    {
        AdminApiHandler guard = endpoints.ServiceProvider.GetRequiredService<AdminApiHandler>();
        InstanceAsking asking = endpoints.ServiceProvider.GetRequiredService<InstanceAsking>();
        endpoints.MapPost("/api/explain", context => guard.InvokeAsync(context, PathPrefix, AskAsync));
        endpoints.MapMethods("/api/explain/recent", ["GET", "HEAD"], context => guard.InvokeAsync(context, PathPrefix, AskAsync));

        ValueTask<AdminResponse> AskAsync(AdminRequest request) => asking.AskOneAsync(request.Address.Group, request.ToQuestion(), request);
    }

    /// <summary>The latest requests that an instance has kept; <paramref name="limit"/> of them.</summary>
    internal static AdminResponse Recent(IRecentDecisions? recent, string? limit)
    {
        if (recent is null)
            return AdminResponse.Error(StatusCodes.Status404NotFound, "no requests are kept; headgate.explain.recent says how many are");
        int count = 100;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > LimitMax))
            return AdminResponse.Error(StatusCodes.Status400BadRequest, $"limit must be a whole number from 1 to {LimitMax}");
        return RecentJson.Write(recent, count);
    }

    /// <summary>What an instance would do with a request.</summary>
    internal static AdminResponse Answer(IRequestExplainer explainer, JsonElement? body)
    {
        var errors = new ConfigErrors();
        return InventedRequestReader.Read(body, errors) is { } request
            ? ExplanationJson.Write(explainer.Explain(request))
            : AdminResponse.Refused(errors.Errors);
    }
}
