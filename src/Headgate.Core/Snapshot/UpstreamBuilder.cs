using System.Text;
using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Resilience;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>
/// Builds an upstream's next snapshot from its configuration and its present snapshot. What did not change stays the same object, and learnt state always does.
/// Not thread-safe: the compiler's.
/// </summary>
/// <param name="directory">Gives new nodes their states and remembers removed ones.</param>
/// <param name="settings">What is the gateway's own.</param>
/// <param name="certificates">Where upstreams find the certificates that they name.</param>
internal sealed class UpstreamBuilder(NodeDirectory directory, BalancingSettings settings, HeldCertificates certificates)
{
    /// <summary>Beyond this many nodes a dictionary finds the node of before faster than a walk.</summary>
    private const int WalkNodesMax = 16;

    private static readonly ConnectionProfile PlainProfile = new(Https: false, ServerName: null, Tls: null, KeepalivePoolConfig.Default);

    /// <summary>Puts the snapshot for <paramref name="config"/> into <paramref name="held"/>.</summary>
    public void Build(HeldUpstream held, UpstreamConfig config)
    {
        UpstreamSnapshot? before = held.Snapshot;
        NodeSnapshot[] nodes = BuildNodes(held.Owner, config, before);
        LeaveDropped(before, nodes);
        held.Breaker = config.CircuitBreaker is null ? null : held.Breaker ?? new CircuitBreaker();
        SetLimits(held, config, nodes);
        bool keepsTiers = CanKeepTiers(before, config, nodes);
        TierBuilder? tiers = keepsTiers ? null : new TierBuilder(held, config, nodes, settings.Zone);
        RequestPolicies? policies = BuildPolicies(held, config, nodes, before);
        int triesMax = 1 + Math.Max(0, config.Retries ?? (nodes.Length - 1));
        held.Snapshot = new UpstreamSnapshot
        {
            Owner = held.Owner,
            // The kept nodes' records instead of their new equals: otherwise each edit would leave two copies of every node in memory.
            Config = config with { Nodes = new([.. nodes.Select(node => node.Config)]) },
            Nodes = nodes,
            AllTiers = tiers is null ? before!.AllTiers : tiers.Build(),
            Order = BuildOrder(config, nodes, policies?.Sticky, tiers is null ? before!.Order?.Subsets : tiers.BuildSubsets()),
            Policies = policies,
            MeasuresLatency = LoadBalancingPolicies.Get(config.Type).NeedsLatency,
            DetectsOutliers = config.OutlierDetection is not null,
            Gate = BuildGate(held, config, nodes),
            Queue = config.LimitsRequests ? held.Queue : null,
            Profile = BuildProfile(config, before?.Profile),
            TriesMax = triesMax,
            Hedging = nodes.Length > 1 && triesMax > 1 ? config.Hedging : null,
            RetryBudget = held.RetryBudget,
            Breaker = held.Breaker,
            RewriteHost = config is { PassHost: PassHost.Rewrite, UpstreamHost: { } host } ? Encoding.ASCII.GetBytes(host) : [],
        };
        tiers?.DropOtherStates();
        if (config.Checks is null)
            ForgetHealth(nodes);
        held.Snapshot.RefreshUsable();
        held.Queue?.ServeAll(); // a limit may have been raised or taken away
    }

    /// <summary>The upstream is gone: its nodes leave.</summary>
    public void Remove(HeldUpstream held) => LeaveDropped(held.Snapshot, []);

    private NodeSnapshot[] BuildNodes(string owner, UpstreamConfig config, UpstreamSnapshot? before)
    {
        IReadOnlyList<NodeSnapshot> old = before?.Nodes ?? [];
        Dictionary<(string, int), NodeSnapshot>? index = old.Count <= WalkNodesMax ? null : Index(old);
        var nodes = new NodeSnapshot[config.Nodes.Count];
        for (int i = 0; i < nodes.Length; i++)
        {
            NodeConfig wanted = config.Nodes[i];
            NodeSnapshot? known = i < old.Count && IsSame(old[i].Config, wanted) ? old[i]
                : index is not null ? index.GetValueOrDefault((wanted.Host, wanted.Port))
                : old.FirstOrDefault(node => IsSame(node.Config, wanted));
            nodes[i] = BuildNode(i, owner, wanted, known, HostHeader(config, wanted));
        }

        return nodes;
    }

    private NodeSnapshot BuildNode(int index, string owner, NodeConfig wanted, NodeSnapshot? known, byte[] hostHeader)
    {
        if (known is null)
            return new NodeSnapshot(index, wanted, directory.Enter(new NodeKey(owner, wanted.Host, wanted.Port)), hostHeader);

        bool sameHeader = known.HostHeader.AsSpan().SequenceEqual(hostHeader);
        if (known.Index == index && known.Config == wanted && sameHeader)
            return known;
        return new NodeSnapshot(index, known.Config == wanted ? known.Config : wanted, known.State, sameHeader ? known.HostHeader : hostHeader);
    }

    private static Dictionary<(string Host, int Port), NodeSnapshot> Index(IReadOnlyList<NodeSnapshot> nodes)
    {
        var index = new Dictionary<(string, int), NodeSnapshot>(nodes.Count);
        foreach (NodeSnapshot node in nodes)
            index.TryAdd((node.Config.Host, node.Config.Port), node);
        return index;
    }

    private void LeaveDropped(UpstreamSnapshot? before, NodeSnapshot[] after)
    {
        if (before is null)
            return;

        HashSet<NodeState>? kept = null;
        for (int i = 0; i < before.Nodes.Count; i++)
        {
            NodeState state = before.Nodes[i].State;
            if (i < after.Length && after[i].State == state)
                continue;
            kept ??= [.. after.Select(node => node.State)];
            if (!kept.Contains(state))
                directory.Leave(state);
        }
    }

    private static bool IsSame(NodeConfig a, NodeConfig b) => a.Port == b.Port && a.Host == b.Host;

    /// <summary>Pickers hold nothing but nodes and balancer states, so they stay when what they were built from stays.</summary>
    private static bool CanKeepTiers(UpstreamSnapshot? before, UpstreamConfig config, NodeSnapshot[] nodes) =>
        before is not null
        && before.Config.Type == config.Type && before.Config.HashOn == config.HashOn && before.Config.Key == config.Key
        && before.Config.HashFallback == config.HashFallback && before.Config.HashFallbackKey == config.HashFallbackKey
        && before.Config.HashBalanceFactor == config.HashBalanceFactor
        && before.Config.Subset == config.Subset && before.Config.ZoneAware == config.ZoneAware
        && before.Nodes.SequenceEqual(nodes);

    /// <summary>Null when every node that the policy picks takes the request: then a pick has nothing more to look at.</summary>
    private static PickGate? BuildGate(HeldUpstream held, UpstreamConfig config, NodeSnapshot[] nodes) =>
        config.LimitsRequests || config.WarmUp is not null || config.OutlierDetection is { ReturnPercent: < 100 }
            ? new PickGate(nodes, held.GateDraws, config.LimitsRequests, LoadBalancingPolicies.Get(config.Type).PrefersIdle)
            : null;

    /// <summary>The limits act from here on, on requests that hold an earlier snapshot too.</summary>
    private static void SetLimits(HeldUpstream held, UpstreamConfig config, NodeSnapshot[] nodes)
    {
        if (config.LimitsRequests)
            held.Queue ??= new RequestQueue();
        if (held.Queue is null)
            return; // there never was a limit
        foreach (NodeSnapshot node in nodes)
            node.State.Permits.Max = node.Config.MaxRequests ?? config.MaxRequests ?? int.MaxValue;
    }

    /// <summary>
    /// Nobody would ever find an unhealthy node healthy again: not one that was checked until now, nor one that came back from before the checks were taken away,
    /// nor one remembered over a restart. Checks that come back later begin anew: what they knew has aged unseen.
    /// </summary>
    private void ForgetHealth(NodeSnapshot[] nodes)
    {
        foreach (NodeSnapshot node in nodes)
        {
            if (!node.State.Health.IsHealthy)
                directory.Note(node.State, NodeChangeKind.Healthy, "its upstream has no health checks any more");
            if (node.State.Health.Status != HealthStatus.Healthy)
                node.State.Health.Reset();
        }
    }

    private static PickOrder? BuildOrder(UpstreamConfig config, NodeSnapshot[] nodes, StickySessions? sticky, SubsetTiers? subsets) =>
        sticky is null && subsets is null ? null : new PickOrder(config, nodes, sticky, subsets);

    private RequestPolicies? BuildPolicies(HeldUpstream held, UpstreamConfig config, NodeSnapshot[] nodes, UpstreamSnapshot? before)
    {
        held.Rate = config.RateLimit is null ? null : held.Rate ?? new RequestRate();
        if (config is { Sticky: null, RateLimit: null, RequestHeaders: null })
            return null;

        if (config.RateLimit is { } limit)
            held.Rate!.Set(limit.Rate, limit.Burst);
        StickySessions? sticky = config.Sticky is null ? null
            : config.Sticky == before?.Config.Sticky && nodes.SequenceEqual(before.Nodes) ? before.Policies!.Sticky
            : new StickySessions(config.Sticky, held.Owner, nodes, settings.StickyKey);
        HeaderEdits? headers = config.RequestHeaders is null ? null
            : config.RequestHeaders == before?.Config.RequestHeaders ? before.Policies!.Headers
            : new HeaderEdits(config.RequestHeaders);
        return new RequestPolicies(sticky, held.Rate, config.RateLimit?.RejectedCode ?? 0, headers);
    }

    private ConnectionProfile BuildProfile(UpstreamConfig config, ConnectionProfile? before)
    {
        bool https = config.Scheme is UpstreamScheme.Https or UpstreamScheme.Grpcs;
        var profile = new ConnectionProfile(
            https,
            https && config.PassHost == PassHost.Rewrite ? config.UpstreamHost : null,
            https ? certificates.Resolve(config.Tls) : null, // without TLS its settings separate nothing, and an edit of them must close no connection
            config.KeepalivePool);
        return profile == before ? before : profile == PlainProfile ? PlainProfile : profile;
    }

    private static byte[] HostHeader(UpstreamConfig config, NodeConfig node)
    {
        if (config.PassHost != PassHost.Node)
            return [];
        int standardPort = config.Scheme is UpstreamScheme.Https or UpstreamScheme.Grpcs ? 443 : 80;
        return Encoding.ASCII.GetBytes(node.Port == standardPort ? node.Host : $"{node.Host}:{node.Port}");
    }
}
