using Headgate.Core.Config.Registries;

namespace Headgate.Proxy.Registries.Consul;

/// <summary>
/// Says that something has changed in a data centre, by two questions that the server waits with: one on the catalog of services, one on the state of checks. What has changed they do not
/// say. Whoever follows a service is told of each change, of its own service or another, and once in a while without one. Thread-safe.
/// </summary>
internal sealed class ConsulSignals : IAsyncDisposable
{
    // In a storm of changes every follower reads its service once in this time.
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(500);

    // No check has this id: the answer is empty, and its index is that of all checks nevertheless. Consul before 1.5 knows no filter and answers with all of them.
    private const string NoCheck = "filter=CheckID%20%3D%3D%20%22%22";

    private readonly RegistryFeed _feed;

    /// <summary>Makes it; it asks while somebody follows.</summary>
    public ConsulSignals(ConsulServer server, string? datacenter, ConsulAccess access, ConsulPace pace)
    {
        var catalog = new ConsulQuestion("v1/catalog/services", [.. ConsulQuestion.Datacenter(datacenter)]);
        var checks = new ConsulQuestion("v1/health/state/any", [.. ConsulQuestion.Datacenter(datacenter), NoCheck]);
        _feed = new RegistryFeed((reading, cancellationToken) =>
            ReadAsync(reading, new BlockingQuery(server, catalog, access, pace, Gap), new BlockingQuery(server, checks, access, pace, Gap), cancellationToken));
    }

    /// <summary>True for each change, the first at once.</summary>
    public IAsyncEnumerable<bool> FollowAsync(string service, CancellationToken cancellationToken) => _feed.FollowAsync(service, static () => true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    private static async Task ReadAsync(RegistryReading reading, BlockingQuery catalog, BlockingQuery checks, CancellationToken cancellationToken)
    {
        await catalog.NextAsync(cancellationToken);
        await checks.NextAsync(cancellationToken);
        reading.AnnounceAll();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] repeating = [RepeatAsync(reading, catalog, both.Token), RepeatAsync(reading, checks, both.Token)];
        Task first = await Task.WhenAny(repeating);
        await both.CancelAsync();
        await Task.WhenAll(repeating).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private static async Task RepeatAsync(RegistryReading reading, BlockingQuery query, CancellationToken cancellationToken)
    {
        while (true)
        {
            await query.NextAsync(cancellationToken);
            reading.AnnounceAll();
        }
    }
}
