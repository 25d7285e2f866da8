using System.Text.Json;
using Headgate.Control.Instances;
using Headgate.Control.Line;
using Headgate.Core.Snapshot;
using Headgate.Testing;

namespace Headgate.Control.Tests.Line;

/// <summary>A control plane and instances that open lines to it, on real sockets; the clock of both stands until a test moves it.</summary>
public abstract class LineTest : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _lines = [];
    private readonly List<IDisposable> _instances = [];
    private LineServer? _server;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected InMemoryStore Store { get; } = new();

    protected ManualTimeProvider Clock { get; } = new();

    /// <summary>Of all instances together.</summary>
    private protected RecordedLog<LineClient> Log { get; } = new();

    private protected LineServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await LineServer.StartAsync(Store, Clock);

    public virtual async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_lines.Select(static line => line.DisposeAsync().AsTask()));
        foreach (IDisposable instance in _instances)
            instance.Dispose();
        await Server.DisposeAsync();
        await Store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>An instance that runs a revision.</summary>
    private protected PlayedInstance Instance(string id = "gw-1", long revision = 5, string group = "default", int start = 0, ServedUpstreams? upstreams = null)
    {
        var instance = new PlayedInstance(id, group: group, time: Clock, start: start, upstreams: upstreams);
        _instances.Add(instance);
        Run(instance, revision);
        return instance;
    }

    /// <summary>Has an instance run another revision.</summary>
    private protected static void Run(PlayedInstance instance, long revision, string digest = "d") => instance.Snapshots.Publish(Snapshot(revision), (digest, TimeProvider.System.GetUtcNow()));

    /// <summary>Nothing, as of a revision.</summary>
    private protected static GatewaySnapshot Snapshot(long revision)
    {
        using var directory = new Core.Upstreams.NodeDirectory(TimeProvider.System, new Core.Upstreams.NodeObservers());
        return new SnapshotCompiler(directory, Core.Config.Plugins.PluginCatalog.Empty, new ServedUpstreams()).Apply(revision, []);
    }

    /// <summary>Opens an instance's lines.</summary>
    private protected LineClient Open(PlayedInstance instance, string? token, params Uri[] addresses) => Open(instance, Options(token, addresses));

    private protected LineClient Open(PlayedInstance instance, LineClientOptions options)
    {
        var line = new LineClient(instance.Instance, options, Clock, Log);
        _lines.Add(line);
        line.Start(TestSeed.Value);
        return line;
    }

    private protected LineClientOptions Options(string? token, params Uri[] addresses) => new() { Addresses = addresses.Length > 0 ? addresses : [Server.Address], Token = token };

    /// <summary>Ends an instance's lines before the test ends.</summary>
    private protected async Task LeaveAsync(LineClient line)
    {
        _lines.Remove(line);
        await line.DisposeAsync();
    }

    /// <summary>An instance, once the control plane has its first report.</summary>
    private protected async Task<Instance> HereAsync(string id = "gw-1", string group = "default", LineServer? server = null)
    {
        Fleet fleet = (server ?? Server).Fleet;
        await Eventually.HoldsAsync(() => fleet.Find(group, id) is { Line: not null, Running.Revision: >= 0 }, $"{id} has reported");
        return fleet.Find(group, id)!;
    }

    /// <summary>Moves the clock in small steps until something holds.</summary>
    private protected Task TicksUntilAsync(Func<bool> condition, string what, double step = 0.1) => Eventually.HoldsAsync(
        () =>
        {
            if (condition())
                return true;
            Clock.Advance(TimeSpan.FromSeconds(step));
            return condition();
        },
        what);

    private protected static InstanceQuestion Question(string path, string method = "GET") => new(method, path, null);

    private protected static InstanceAnswer Answer(int status, string json = "{}") => new(status, JsonElement.Parse(json));
}
