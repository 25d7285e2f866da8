using Headgate.Control.AdminApi;
using Headgate.Control.Tests.AdminApi;
using Headgate.Testing;
using Microsoft.AspNetCore.Routing;

namespace Headgate.Control.Tests;

/// <summary>What lies below <c>/api</c> beside the Admin API on a real port, as the executable composes it, with the keys of <see cref="AdminServer.Options"/>.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly InMemoryStore _store;

    private ApiServer(LoopbackServer server, InMemoryStore store)
    {
        _server = server;
        _store = store;
        Address = server.Address;
        Client = new AdminClient(Address, AdminServer.AdminKey);
    }

    public Uri Address { get; }

    /// <summary>Sends the admin key with every request.</summary>
    public AdminClient Client { get; }

    public static async Task<ApiServer> StartAsync(Action<IEndpointRouteBuilder> map, AdminApiOptions? options = null)
    {
        var store = new InMemoryStore();
        var server = LoopbackServer.Having(builder => builder.Services.AddAdminApi(_ => store, options ?? AdminServer.Options), application =>
        {
            application.MapAdminApi();
            map(application);
        });
        await server.StartAsync();
        return new ApiServer(server, store);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        await _store.DisposeAsync();
    }
}
