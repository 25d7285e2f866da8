using Headgate.Core.Discovery;
using Headgate.Core.Snapshot;
using Headgate.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.ControlApi;

/// <summary>Puts the read-only control API (<c>/v1</c>, loopback port 9090) into a web application.</summary>
public static class ControlApiRegistration
{
    /// <summary>
    /// Serves <c>/v1/schema</c>, <c>/v1/routes[/ID]</c>, <c>/v1/services[/ID]</c>, <c>/v1/upstreams[/ID]</c>, <c>/v1/healthcheck[/KIND/ID]</c>,
    /// <c>/v1/plugin_metadatas</c> and <c>/v1/discovery/TYPE/dump</c> from <paramref name="store"/> and
    /// <paramref name="health"/> (null: nothing is checked in this process); everything else below <c>/v1</c> is 404. Asks for no key, as in APISIX: bind it to a loopback address.
    /// Every request leaves the I/O thread first.
    /// </summary>
    /// <param name="endpoints">The web application.</param>
    /// <param name="store">Where the objects are.</param>
    /// <param name="health">What checks have found.</param>
    /// <param name="discovery">What is known of services; null = nothing is followed in this process.</param>
    /// <param name="registries">Of each registry of <c>config.yaml</c>, by its type, the settings as they may be shown: JSON without secrets.</param>
    public static IEndpointConventionBuilder MapControlApi(
        this IEndpointRouteBuilder endpoints, IConfigStore store, IHealthView? health = null, IDiscoveryView? discovery = null,
        IReadOnlyDictionary<string, string>? registries = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ILogger log = endpoints.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger<ControlApiHandler>();
        ControlApiHandler handler = new(store, health, discovery is null ? null : new DiscoveryDump(discovery, registries ?? new Dictionary<string, string>()), log);
        return endpoints.Map("/v1/{**path}", handler.InvokeAsync);
    }
}
