using System.Security.Cryptography;
using Headgate.Control.Access;
using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Control.Instances;
using Headgate.Control.ObjectsApi;
using Headgate.Control.OpenApi;
using Headgate.Control.Plugins;
using Headgate.Control.Revisions;
using Headgate.Store;
using Headgate.Store.Prefixes;
using Headgate.Store.Protection;
using Headgate.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>The Admin API on a real port, as the executable composes it.</summary>
public sealed class AdminServer : IAsyncDisposable
{
    public const string AdminKey = "admin-key-for-tests";
    public const string ViewerKey = "viewer-key-for-tests";

    private readonly LoopbackServer _server;

    private AdminServer(LoopbackServer server, IConfigStore store, SettableClock clock)
    {
        _server = server;
        Store = store;
        Clock = clock;
        Address = server.Address;
        Client = new AdminClient(Address, AdminKey);
    }

    /// <summary>What lies in it is as it lies on the disk: secrets encrypted.</summary>
    public IConfigStore Store { get; }

    public SettableClock Clock { get; }

    public Uri Address { get; }

    /// <summary>The instances that it knows.</summary>
    internal Fleet Fleet => _server.Services.GetRequiredService<Fleet>();

    /// <summary>Sends the admin key with every request.</summary>
    public AdminClient Client { get; }

    private static KeyRing Keys { get; } = new([RandomNumberGenerator.GetBytes(KeyRing.KeyBytes)]);

    public static AdminApiOptions Options { get; } = new()
    {
        Version = "0.1.0",
        Plugins = PluginsOfTests.Catalog,
        Keys = [new AdminKey("ops", AdminKey, AdminRole.Admin), new AdminKey("eyes", ViewerKey, AdminRole.Viewer)],
    };

    /// <summary>Paths that it serves, as they were mapped.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints => [.. _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    public static async Task<AdminServer> StartAsync(IConfigStore store, AdminApiOptions? options = null, ILoggerProvider? logs = null, Action<IEndpointRouteBuilder>? more = null)
    {
        SettableClock clock = new();
        var server = LoopbackServer.Having(
            builder =>
            {
                if (logs is not null)
                    builder.Logging.AddProvider(logs);
                builder.Services.AddSingleton<TimeProvider>(clock);
                builder.Services.AddAdminApi(prefix => new ProtectedStore(new PrefixedStore(store, prefix), Keys, NullLogger.Instance), options ?? Options);
            },
            application =>
            {
                application.MapAdminApi();
                application.MapGroupApi();
                application.MapRevisionApi();
                application.MapAccessApi();
                application.MapObjectsApi();
                application.MapOpenApi();
                application.MapPluginsApi();
                application.MapInstancesApi();
                more?.Invoke(application);
            });
        await server.StartAsync();
        return new AdminServer(server, store, clock);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        await Store.DisposeAsync();
    }
}
