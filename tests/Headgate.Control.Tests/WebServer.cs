using Headgate.Control.Tests.AdminApi;
using Headgate.Testing;
using Microsoft.AspNetCore.Builder;

namespace Headgate.Control.Tests;

/// <summary>Any of the HTTP APIs on a real port.</summary>
public sealed class WebServer : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    private WebServer(LoopbackServer server) => (_server, Client) = (server, new AdminClient(server.Address, null));

    public AdminClient Client { get; }

    public static async Task<WebServer> StartAsync(Action<WebApplication> map)
    {
        var server = LoopbackServer.Having(static _ => { }, map);
        await server.StartAsync();
        return new WebServer(server);
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return _server.DisposeAsync();
    }
}
