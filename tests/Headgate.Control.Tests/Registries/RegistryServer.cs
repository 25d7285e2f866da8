using System.Security.Cryptography;
using System.Text;
using Headgate.Control.AdminApi;
using Headgate.Control.ControlApi;
using Headgate.Control.Registries;
using Headgate.Control.Tests.AdminApi;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Store.Protection;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Control.Tests.Registries;

/// <summary>Admin API, the API for service registries and the control API on a real port, over a store with its secrets encrypted; what is discovered is played.</summary>
internal sealed class RegistryServer : IAsyncDisposable
{
    public const string Path = "/api/gateway_groups/default/service_registries";

    private readonly InMemoryStore _store = new();
    private readonly NodeDirectory _directory = new(TimeProvider.System, new NodeObservers());
    private readonly PlayedInstance _instance;
    private readonly LoopbackServer _server;

    private RegistryServer(ServedUpstreams upstreams, Dictionary<string, string> settings)
    {
        var snapshots = new SnapshotHolder();
        snapshots.Publish(new SnapshotCompiler(_directory, PluginCatalog.Empty, new ServedUpstreams()).Apply(1_000_000, [])); // no write waits to be served
        var store = new ProtectedStore(_store, new KeyRing([RandomNumberGenerator.GetBytes(KeyRing.KeyBytes)]), NullLogger.Instance);
        _instance = new PlayedInstance(store: store, snapshots: snapshots, upstreams: upstreams, discovery: Discovery, questions: Discovery, registries: settings);
        _server = LoopbackServer.Having(builder => builder.Services.AddAdminApi(_ => store, AdminServer.Options with { Instance = _instance.Instance }), application =>
        {
            application.MapAdminApi();
            application.MapRegistryApi();
            application.MapControlApi(store, null, Discovery, settings);
        });
    }

    public PlayedDiscovery Discovery { get; } = new();

    public AdminClient Client { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public static async Task<RegistryServer> StartAsync(ServedUpstreams? upstreams = null, params (string Type, string Shown)[] settings)
    {
        var server = new RegistryServer(upstreams ?? new ServedUpstreams(), settings.ToDictionary(static one => one.Type, static one => one.Shown));
        await server._server.StartAsync();
        server.Address = server._server.Address;
        server.Client = new AdminClient(server.Address, AdminServer.AdminKey);
        return server;
    }

    /// <summary>What lies in the store, as on the disk.</summary>
    public async Task<string> StoredAsync(string id) => Encoding.UTF8.GetString((await _store.FindAsync($"/apisix/service_registries/{id}", CancellationToken.None))!.Value.Span);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        _instance.Dispose();
        await _store.DisposeAsync();
        _directory.Dispose();
    }
}
