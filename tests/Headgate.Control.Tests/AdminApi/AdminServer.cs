using System.Net;
using System.Security.Cryptography;
using Headgate.Control.Access;
using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Control.Revisions;
using Headgate.Store;
using Headgate.Store.Prefixes;
using Headgate.Store.Protection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
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

    private readonly WebApplication _application;

    private AdminServer(WebApplication application, IConfigStore store, SettableClock clock)
    {
        _application = application;
        Store = store;
        Clock = clock;
        string address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Address = new Uri(address);
        Client = new AdminClient(Address, AdminKey);
    }

    /// <summary>What lies in it is as it lies on the disk: secrets encrypted.</summary>
    public IConfigStore Store { get; }

    public SettableClock Clock { get; }

    public Uri Address { get; }

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
    public IReadOnlyList<RouteEndpoint> Endpoints => [.. _application.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    public static async Task<AdminServer> StartAsync(IConfigStore store, AdminApiOptions? options = null, ILoggerProvider? logs = null)
    {
        SettableClock clock = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (logs is not null)
            builder.Logging.AddProvider(logs);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddAdminApi(prefix => new ProtectedStore(new PrefixedStore(store, prefix), Keys, NullLogger.Instance), options ?? Options);
        WebApplication application = builder.Build();
        application.MapAdminApi();
        application.MapRevisionApi();
        application.MapGroupApi();
        application.MapAccessApi();
        await application.StartAsync();
        return new AdminServer(application, store, clock);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
        await Store.DisposeAsync();
    }
}
