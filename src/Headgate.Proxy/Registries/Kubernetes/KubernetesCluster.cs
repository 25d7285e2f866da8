using System.Text.Json;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>One cluster: its objects are listed and watched once for all services that are followed, while any is. Thread-safe.</summary>
internal sealed class KubernetesCluster : IAsyncDisposable
{
    private readonly KubernetesClusterConfig _config;
    private readonly KubernetesTerms _terms;
    private readonly TimeProvider _time;
    private readonly Func<string, string?> _environment;
    private readonly ILogger _logger;
    private readonly Random _random;
    private readonly NamespaceFilter _filter;
    private readonly KubernetesPaths _paths;
    private readonly EndpointStore _store;
    private readonly RelistPause _pause;
    private readonly RegistryFeed _feed;
    private bool _saidUnverified;

    public KubernetesCluster(KubernetesClusterConfig config, KubernetesTerms terms, RegistryServices services, Func<string, string?> environment)
    {
        (_config, _terms, _time, _environment) = (config, terms, services.Time, environment);
        _logger = services.Loggers.CreateLogger<KubernetesCluster>();
        _random = new Random(services.Seed); // used by the one reading alone
        _filter = new NamespaceFilter(config.Namespaces);
        _paths = new KubernetesPaths(config, _filter);
        _store = new EndpointStore(_paths.Kind, config.DefaultWeight);
        _pause = new RelistPause(terms, services.Time, _random);
        _feed = new RegistryFeed(ReadAsync);
    }

    /// <summary>As <see cref="IRegistryClient.FollowAsync"/>.</summary>
    public IAsyncEnumerable<ServiceAnswer> FollowAsync(KubernetesServiceName name, CancellationToken cancellationToken) => _filter.Includes(name.Namespace)
        ? _feed.FollowAsync(name.Service, () => _store.Answer(name), cancellationToken)
        : throw new RegistryException($"namespace_selector leaves the namespace {name.Namespace} out") { IsOfServiceOnly = true };

    /// <summary>Services with their ports, <c>namespace/name:port</c>; unordered, some more than once.</summary>
    /// <exception cref="RegistryException">They cannot be had.</exception>
    public async Task<IReadOnlyCollection<string>> ListAsync(CancellationToken cancellationToken)
    {
        using KubernetesServer server = await FindAsync(cancellationToken);
        var names = new HashSet<string>(StringComparer.Ordinal);
        await new KubernetesListing(server, _paths, _terms).ReadAsync(
            item => names.UnionWith(Read(item, out _) is { } one ? EndpointStore.Names(one) : []), names.Clear, cancellationToken);
        return names;
    }

    /// <summary>Asks for one object: that shows that the server is there and lets the gateway read.</summary>
    /// <exception cref="RegistryException">It is not, or does not.</exception>
    public async Task TestAsync(CancellationToken cancellationToken)
    {
        using KubernetesServer server = await FindAsync(cancellationToken);
        RegistryReply reply = await server.AskAsync(_paths.List(1, ""), _terms.PageTimeout, cancellationToken);
        if (reply.Status != 200)
            throw KubernetesServer.Refusal(reply);
        reply.Json().Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    private async Task ReadAsync(RegistryReading reading, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _pause.WaitAsync(cancellationToken);
                using KubernetesServer server = await FindAsync(cancellationToken);
                string version = await ListAsync(server, cancellationToken);
                reading.AnnounceAll();
                _pause.Read();
                var watch = new KubernetesWatch(server, _paths, _terms, _time, _random) { Silent = () => KubernetesLog.Silent(_logger, server.Name, _terms.WatchSilence.TotalSeconds) };
                await watch.RunAsync(version, (type, one) => Change(reading, server.Name, type, one), cancellationToken);
                KubernetesLog.Gone(_logger, server.Name, watch.Version);
            }
        }
        finally
        {
            if (cancellationToken.IsCancellationRequested)
                _pause.Forget();
        }
    }

    private async Task<KubernetesServer> FindAsync(CancellationToken cancellationToken)
    {
        KubernetesServer server = await KubernetesServer.FindAsync(_config, _terms, _time, _environment, cancellationToken);
        if (!server.IsVerified && !Interlocked.Exchange(ref _saidUnverified, true))
            KubernetesLog.NotVerified(_logger, server.Name);
        return server;
    }

    private async Task<string> ListAsync(KubernetesServer server, CancellationToken cancellationToken)
    {
        var all = new Dictionary<string, EndpointObject>(StringComparer.Ordinal);
        int leftOut = 0;
        string? first = null;
        string version = await new KubernetesListing(server, _paths, _terms).ReadAsync(Take, all.Clear, cancellationToken);
        _store.Replace(all.Values);
        if (first is not null)
            KubernetesLog.ObjectsLeftOut(_logger, leftOut, server.Name, first);
        return version;

        void Take(JsonElement item)
        {
            if (Read(item, out string? problem) is { } one)
                all[one.Key] = one;
            else if (problem is not null && leftOut++ == 0)
                first = problem;
        }
    }

    private void Change(RegistryReading reading, string server, string type, JsonElement one)
    {
        EndpointObject? read = type == "DELETED" ? null : Read(one, out string? problem);
        if (read is not null)
        {
            (string before, string now) = _store.Put(read);
            reading.Announce(now);
            if (before != now)
                reading.Announce(before);
        }
        else if (EndpointReader.Key(one) is { } key)
        {
            // Also one that has lost its service's label.
            if (_store.Remove(key) is { } service)
                reading.Announce(service);
        }
        else
        {
            KubernetesLog.ObjectsLeftOut(_logger, 1, server, "metadata.namespace or metadata.name is missing");
        }
    }

    private EndpointObject? Read(JsonElement item, out string? problem) => EndpointReader.Read(item, _config.ReadsSlices, _filter, out problem);
}
