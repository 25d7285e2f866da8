using Headgate.Control.Access;
using Headgate.Control.FleetHealth;
using Headgate.Control.Groups;
using Headgate.Control.Instances;
using Headgate.Control.Line;
using Headgate.Core.Config;
using Headgate.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.AdminApi;

/// <summary>Puts the Admin API (<c>/apisix/admin</c>) into a web application.</summary>
public static class AdminApiRegistration
{
    /// <summary>Path below which everything of the Admin API lies.</summary>
    public const string PathPrefix = "/apisix/admin";

    /// <summary>
    /// Registers the Admin API and the background loops that follow its stores. A <see cref="TimeProvider"/> in the container is used for <c>create_time</c> and <c>update_time</c>; without one
    /// the system's. Stores are not disposed of by the application.
    /// </summary>
    /// <param name="services">Of the web application.</param>
    /// <param name="open">
    /// The store of a gateway group, by the prefix of its keys (<see cref="GatewayGroupConfig.PrefixOf"/>): it shows the group's objects below the default prefix, and keys outside of all
    /// groups' prefixes as they are. Asked once for the default group, which is served first.
    /// </param>
    /// <param name="options">What the Admin API knows of the settings.</param>
    public static IServiceCollection AddAdminApi(this IServiceCollection services, Func<string, IConfigStore> open, AdminApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(options);
        services.AddRoutingCore();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.TryAddSingleton(open(ResourceKinds.DefaultPrefix));
        services.AddSingleton(provider => new GroupScopes(provider.GetRequiredService<IConfigStore>(), open, options, provider.GetRequiredService<Fleet>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddHostedService(static provider => provider.GetRequiredService<GroupScopes>());
        services.AddSingleton(static provider => provider.GetRequiredService<GroupScopes>().Default);
        services.AddSingleton<Fleet>();
        services.AddSingleton<InstanceAsking>();
        services.AddSingleton<Convergence>();
        services.AddSingleton<ConvergenceWait>();
        services.AddSingleton<InstanceRecords>();
        services.AddHostedService<FleetWatch>();
        services.AddHostedService<InstanceMemory>();
        services.AddSingleton(static provider => new InstanceStatuses(provider.GetRequiredService<Fleet>(), provider.GetRequiredService<GroupScopes>(), provider.GetRequiredService<TimeProvider>()));
        if (options.Instance is { } instance)
            services.AddHostedService(provider => new LocalLine(instance, provider.GetRequiredService<Fleet>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<GroupDispatcher>();
        services.AddSingleton<People>();
        services.AddSingleton<InstanceTokens>();
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
