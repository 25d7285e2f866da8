using Headgate.Control.AdminApi.Objects;
using Headgate.Control.AdminApi.References;
using Headgate.Control.AdminApi.Validation;
using Headgate.Control.Revisions;
using Headgate.Control.Revisions.Preview;
using Headgate.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Headgate.Control.AdminApi;

/// <summary>Puts the Admin API (<c>/apisix/admin</c>) into a web application.</summary>
public static class AdminApiRegistration
{
    /// <summary>Path below which everything of the Admin API lies.</summary>
    public const string PathPrefix = "/apisix/admin";

    /// <summary>
    /// Registers the Admin API and the background loop that follows <paramref name="store"/>. A <see cref="TimeProvider"/> in the container is used for
    /// <c>create_time</c> and <c>update_time</c>; without one the system's. The store is not disposed of by the application.
    /// </summary>
    public static IServiceCollection AddAdminApi(this IServiceCollection services, IConfigStore store, AdminApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        services.AddRoutingCore();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.TryAddSingleton(store);
        services.AddSingleton<ObjectIndex>();
        services.AddHostedService<ObjectIndexFeed>();
        services.AddSingleton<WriteGate>();
        services.AddSingleton<KeyLocks>();
        services.AddSingleton<IdSequence>();
        services.AddSingleton<ObjectCommits>();
        services.AddSingleton<ObjectHistory>();
        services.AddSingleton<Conflicts>();
        services.AddSingleton<BlastRadii>();
        services.AddSingleton<Previews>();
        services.AddSingleton<ObjectReads>();
        services.AddSingleton<ObjectWrites>();
        services.AddSingleton<ConsumerDeletes>();
        services.AddSingleton<ObjectDeletes>();
        services.AddSingleton<ConfigsValidation>();
        services.AddSingleton<AdminDispatcher>();
        services.AddSingleton<AdminAuthentication>();
        services.AddSingleton<AdminApiHandler>();
        return services;
    }

    /// <summary>
    /// Serves <c>/apisix/admin</c> and everything below it; other paths are left to others. Every request leaves the I/O thread first.
    /// Call <see cref="AddAdminApi"/> before the application is built.
    /// </summary>
    public static IEndpointConventionBuilder MapAdminApi(this IEndpointRouteBuilder endpoints)
    {
        AdminApiHandler handler = endpoints.ServiceProvider.GetRequiredService<AdminApiHandler>();
        return endpoints.Map(PathPrefix + "/{**path}", handler.InvokeAsync);
    }
}
