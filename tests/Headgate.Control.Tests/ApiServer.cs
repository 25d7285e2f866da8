using System.Net;
using Headgate.Control.AdminApi;
using Headgate.Control.Tests.AdminApi;
using Headgate.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.Tests;

/// <summary>What lies below <c>/api</c> beside the Admin API on a real port, as the executable composes it, with the keys of <see cref="AdminServer.Options"/>.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly InMemoryStore _store;

    private ApiServer(WebApplication application, InMemoryStore store)
    {
        _application = application;
        _store = store;
        Address = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new AdminClient(Address, AdminServer.AdminKey);
    }

    public Uri Address { get; }

    /// <summary>Sends the admin key with every request.</summary>
    public AdminClient Client { get; }

    public static async Task<ApiServer> StartAsync(Action<IEndpointRouteBuilder> map, AdminApiOptions? options = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var store = new InMemoryStore();
        builder.Services.AddAdminApi(_ => store, options ?? AdminServer.Options);
        WebApplication application = builder.Build();
        application.MapAdminApi();
        map(application);
        await application.StartAsync();
        return new ApiServer(application, store);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
        await _store.DisposeAsync();
    }
}
