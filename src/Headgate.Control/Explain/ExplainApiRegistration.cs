using System.Globalization;
using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.FleetHealth;
using Headgate.Control.Groups;
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
        GroupScopes scopes = endpoints.ServiceProvider.GetRequiredService<GroupScopes>();
        endpoints.MapPost("/api/explain", context => guard.InvokeAsync(context, PathPrefix, AskAsync));
        endpoints.MapMethods("/api/explain/recent", ["GET", "HEAD"], context => guard.InvokeAsync(context, PathPrefix, AskAsync));

        async ValueTask<AdminResponse> AskAsync(AdminRequest request)
        {
            AdminResponse answer = await asking.AskOneAsync(request.Address.Group, request.ToQuestion(), request);
            return answer.Status == StatusCodes.Status200OK && await scopes.FindAsync(request.Address.Group, request.Aborted) is { } group ? RouteWorkspaces.AddTo(answer, group.Tenancy) : answer;
        }
    }

    /// <summary>The latest requests that an instance has kept: how many, and of which upstream or route, the query says.</summary>
    internal static AdminResponse Recent(IRecentDecisions? recent, IQueryCollection query)
    {
        int count = 100;
        string? limit = query["limit"];
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > LimitMax))
            return AdminResponse.Error(StatusCodes.Status400BadRequest, $"limit must be a whole number from 1 to {LimitMax}");
        if (OwnerFilter.Read(query, out OwnerFilter filter) is { } wrong)
            return wrong;
        string? route = query["route"];
        return RecentJson.Write(recent, count, route is null && filter.Owners is null ? null
            : (routeId, upstream) => (route is null || route == routeId) && (filter.Owners is null || (upstream is not null && filter.Passes(upstream))));
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
