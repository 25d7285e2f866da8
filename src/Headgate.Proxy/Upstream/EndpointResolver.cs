using System.Net;
using Headgate.Core.Upstreams;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// Keeps the endpoints of nodes whose host is a name: resolves a name when its first node comes into use and again when the answer's time is over, once for all nodes that
/// share it. A failure or an empty answer changes nothing but the time of the next lookup. The only writer of <see cref="NodeState.Endpoints"/>.
/// Thread-safe; lookups run on the thread pool, and no timer runs while no name is in use.
/// </summary>
public sealed class EndpointResolver : INodeObserver, IAsyncDisposable
{
    private static readonly HostAnswer Nothing = new([], null);

    private readonly IHostLookup _lookup;
    private readonly EndpointResolverOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _jitter;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _stop = new();

    // By whoever compiles snapshots, by ends of lookups and the timer, by requests that find a node without endpoint: never by one that finds some.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResolvedHost> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Makes a resolver that closes the idle connections of endpoints that went away. <paramref name="seed"/> spreads the times of lookups.
    /// </summary>
    public EndpointResolver(IHostLookup lookup, EndpointResolverOptions options, TimeProvider time, ILogger<EndpointResolver> logger, int seed)
    {
        _lookup = lookup;
        _options = options;
        _time = time;
        _jitter = new Random(seed);
        _logger = logger;
        _slots = new SemaphoreSlim(options.LookupsMax);
        _timer = time.CreateTimer(static state => ((EndpointResolver)state!).LookUpDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Added(NodeState node)
    {
        if (node.HasLiteralHost)
        {
            return;
        }

        lock (_gate)
        {
            if (!_hosts.TryGetValue(node.Key.Host, out ResolvedHost? host))
            {
                host = new ResolvedHost(node.Key.Host);
                _hosts.Add(host.Name, host);
                if (_hosts.Count == 1)
                {
                    SetTicking_NeedsLock(true);
                }
            }

            host.Nodes.Add(node);
            if (host.Addresses.Count > 0)
            {
                Apply_NeedsLock(node, host.Addresses);
            }
            else if (host.Failures == 0)
            {
                LookUp_NeedsLock(host);
            }
        }
    }

    /// <inheritdoc/>
    public void Removed(NodeState node)
    {
        lock (_gate)
        {
            if (_hosts.TryGetValue(node.Key.Host, out ResolvedHost? host) && host.Nodes.Remove(node) && host.Nodes.Count == 0)
            {
                _hosts.Remove(host.Name);
                if (_hosts.Count == 0)
                {
                    SetTicking_NeedsLock(false);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Forgotten(NodeState node)
    {
        foreach (EndpointState endpoint in node.Endpoints)
        {
            NodeConnections.Drop(endpoint);
        }
    }

    /// <summary>
    /// Waits until the node has an endpoint, for a request that finds none: joins the lookup that runs. False when it failed, when the last one failed a moment ago
    /// (the name servers are not asked once per request), or after <paramref name="timeout"/>.
    /// </summary>
    public async ValueTask<bool> ResolveNowAsync(NodeState node, TimeSpan timeout)
    {
        Task? lookup = null;
        lock (_gate)
        {
            if (node.Endpoints.Count == 0 && _hosts.TryGetValue(node.Key.Host, out ResolvedHost? host))
            {
                lookup = host.Lookup;
            }
        }

        if (lookup is { IsCompleted: false })
        {
            try
            {
                await lookup.WaitAsync(timeout, _time);
            }
            catch (TimeoutException)
            {
                return node.Endpoints.Count > 0;
            }
        }

        return node.Endpoints.Count > 0;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _timer.DisposeAsync();
        Task[] lookups;
        lock (_gate)
        {
            lookups = [.. _hosts.Values.Select(host => host.Lookup)];
            _hosts.Clear();
        }

        await Task.WhenAll(lookups);
        _slots.Dispose();
        _stop.Dispose();
    }

    private void LookUpDue()
    {
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            foreach (ResolvedHost host in _hosts.Values)
            {
                if (host.DueAt <= now)
                {
                    LookUp_NeedsLock(host);
                }
            }
        }
    }

    private void LookUp_NeedsLock(ResolvedHost host)
    {
        if (host.Lookup.IsCompleted && !_stop.IsCancellationRequested)
        {
            host.Lookup = LookUpAsync(host);
        }
    }

    private async Task LookUpAsync(ResolvedHost host)
    {
        // The caller may be a thread that serves traffic, and holds the lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        HostAnswer answer = Nothing;
        string reason = "the answer holds no address";
        try
        {
            await _slots.WaitAsync(_stop.Token);
            try
            {
                answer = await _lookup.LookupAsync(host.Name, _stop.Token);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            // Resolvers have their own exceptions; the next lookup is the answer to all of them.
            reason = e.Message;
        }

        int failures;
        lock (_gate)
        {
            failures = host.Failures;
            Settle_NeedsLock(host, answer);
        }

        if (answer.Addresses.Count == 0 && failures == 0)
        {
            UpstreamLog.HostUnresolved(_logger, host.Name, reason, host.Addresses.Count);
        }
        else if (answer.Addresses.Count > 0 && failures > 0)
        {
            UpstreamLog.HostResolvedAgain(_logger, host.Name, answer.Addresses.Count);
        }
    }

    private void Settle_NeedsLock(ResolvedHost host, HostAnswer answer)
    {
        TimeSpan wait;
        if (answer.Addresses.Count > 0)
        {
            host.Failures = 0;
            host.Addresses = answer.Addresses;
            foreach (NodeState node in host.Nodes)
            {
                Apply_NeedsLock(node, answer.Addresses);
            }

            // Spread over a tenth, so that names that came together do not stay together; an answer that counts for a certain time is not asked for before.
            wait = answer.ValidFor is { } validFor ? validFor * (1 + (0.1 * _jitter.NextDouble())) : Spread_NeedsLock(_options.Refresh);
        }
        else
        {
            host.Failures++;
            wait = Spread_NeedsLock(Shorter(_options.Refresh, _options.RetryMin * Math.Pow(2, Math.Min(host.Failures - 1, 16))));
        }

        host.DueAt = _time.GetTimestamp() + (long)(wait.TotalSeconds * _time.TimestampFrequency);
    }

    private TimeSpan Spread_NeedsLock(TimeSpan wait) => wait * (0.9 + (0.2 * _jitter.NextDouble()));

    private void Apply_NeedsLock(NodeState node, IReadOnlyList<IPAddress> addresses)
    {
        IReadOnlyList<EndpointState> before = node.Endpoints;
        node.SetAddresses(addresses, _time);
        IReadOnlyList<EndpointState> after = node.Endpoints;
        if (ReferenceEquals(before, after))
        {
            return;
        }

        foreach (EndpointState endpoint in before)
        {
            if (!after.Contains(endpoint))
            {
                NodeConnections.Drop(endpoint);
            }
        }
    }

    private void SetTicking_NeedsLock(bool ticking)
    {
        // All names are looked over at each tick: cheaper than an order of them, with thousands of names as with one.
        TimeSpan period = ticking ? Shorter(TimeSpan.FromSeconds(1), Shorter(_options.Refresh, _options.RetryMin) / 4) : Timeout.InfiniteTimeSpan;
        _timer.Change(period, period);
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
