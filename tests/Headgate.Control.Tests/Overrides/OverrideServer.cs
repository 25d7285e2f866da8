using Headgate.Control.AdminApi;
using Headgate.Control.Overrides;
using Headgate.Control.Tests.AdminApi;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Store;
using Headgate.Testing;

namespace Headgate.Control.Tests.Overrides;

/// <summary>Admin API and API for overrides on a real port, over a store that a compiler follows as a gateway does; nothing serves traffic.</summary>
internal sealed class OverrideServer : INodeConnectionCloser, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly NodeDirectory _directory;
    private readonly SnapshotHolder _snapshots = new();
    private readonly PlayedInstance _instance;
    private readonly LoopbackServer _server;
    private readonly Task _following;

    private OverrideServer()
    {
        _directory = new NodeDirectory(TimeProvider.System, new NodeObservers());
        Overrides = new NodeOverrides(Served, this, TimeProvider.System);
        _instance = new PlayedInstance(store: Store, snapshots: _snapshots, upstreams: Served, overrides: Overrides);
        _server = LoopbackServer.Having(builder => builder.Services.AddAdminApi(_ => Store, AdminServer.Options with { Instance = _instance.Instance }), application =>
        {
            application.MapAdminApi();
            application.MapOverrideApi();
        });
        _following = FollowAsync();
    }

    public InMemoryStore Store { get; } = new();

    public ServedUpstreams Served { get; } = new();

    public NodeOverrides Overrides { get; }

    public Uri Address { get; private set; } = null!;

    /// <summary>Sends the admin key with every request.</summary>
    public AdminClient Client { get; private set; } = null!;

    /// <summary>Starts it, with the upstream 1 of two nodes.</summary>
    public static async Task<OverrideServer> StartAsync()
    {
        var server = new OverrideServer();
        await server._server.StartAsync();
        server.Address = server._server.Address;
        server.Client = new AdminClient(server.Address, AdminServer.AdminKey);
        (await server.Client.Put("upstreams/1", """{"nodes":{"10.0.0.1:80":1,"10.0.0.2:80":1}}""")).ShouldBe(201);
        await server._snapshots.WaitForRevisionAsync(1, CancellationToken.None);
        return server;
    }

    public NodeState Node(int index) => Served.Find("upstreams/1")!.Nodes[index].State;

    public void CloseIdle(NodeState node)
    {
    }

    public int CutOff(NodeState node) => 0;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        _instance.Dispose();
        await _stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(_following);
        Overrides.Dispose();
        _directory.Dispose();
        _stop.Dispose();
        await Store.DisposeAsync();
    }

    private async Task FollowAsync()
    {
        var compiler = new SnapshotCompiler(_directory, PluginCatalog.Empty, Served, 0, Overrides);
        _snapshots.Publish(compiler.Apply(0, []));
        await foreach (StoreRevision revision in Store.WatchAsync("/apisix/", 0, _stop.Token))
        {
            List<ConfigChange> changes = [];
            foreach (StoreChange change in revision.Changes)
            {
                if (ResourceKinds.TryParseKey(change.Key, out ResourceKind kind, out string id))
                    changes.Add(new ConfigChange(kind, id, change.Entry?.Value));
            }

            _snapshots.Publish(compiler.Apply(revision.Revision, changes));
        }
    }
}
