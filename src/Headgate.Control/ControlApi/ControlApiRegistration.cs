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
    /// Serves <c>/v1/schema</c>, <c>/v1/routes[/ID]</c>, <c>/v1/services[/ID]</c>, <c>/v1/upstreams[/ID]</c>, <c>/v1/healthcheck[/KIND/ID]</c> and
    /// <c>/v1/plugin_metadatas</c> from <paramref name="store"/> and
    /// <paramref name="health"/> (null: nothing is checked in this process); everything else below <c>/v1</c> is 404. Asks for no key, as in APISIX: bind it to a loopback address.
    /// Every request leaves the I/O thread first.
    /// </summary>
    public static IEndpointConventionBuilder MapControlApi(this IEndpointRouteBuilder endpoints, IConfigStore store, IHealthView? health = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ILogger log = endpoints.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger<ControlApiHandler>();
        ControlApiHandler handler = new(store, health, log);
        return endpoints.Map("/v1/{**path}", handler.InvokeAsync);
    }
}
