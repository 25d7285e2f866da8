using System.Globalization;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>
/// Subsets, sessions, zones, priorities, weights of 0, nodes left out and tries, all drawn at random: every pick is one that a model allows which knows nothing of
/// pickers. The model lists groups of nodes in the order of use; the pick is an untried node of the first group that has one.
/// </summary>
public sealed class PickModelTests : IDisposable
{
    private const int Upstreams = 400;
    private const int Requests = 25;
    private readonly Random _random = new(TestSeed.Value);
    private readonly Gateway _gateway = new(new BalancingSettings("0", "key"u8.ToArray()));

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Pick_EverythingAtOnce_IsWhatTheModelAllows()
    {
        for (int i = 0; i < Upstreams; i++)
        {
            string json = RandomUpstream();
            UpstreamSnapshot upstream = _gateway.PutUpstream(json);
            ExcludeSome(upstream);
            for (int request = 0; request < Requests; request++)
                CheckOne(upstream, json);
            foreach (NodeSnapshot node in upstream.Nodes)
                node.State.Admit(node.State.Exclusions); // the next upstream may have the node, too
        }
    }

    private void CheckOne(UpstreamSnapshot upstream, string json)
    {
        string version = Digit(4), stage = Digit(3);
        var request = new TestRequest("a.test", "/", _random.Next(6) == 0 ? "" : $"stage={stage}", clientAddress: $"192.0.2.{_random.Next(256)}");
        bool hasStage = !request.Query.IsEmpty;
        request.With("x-version", version);
        NodeSnapshot? session = _random.Next(2) == 0 ? null : upstream.Nodes[_random.Next(upstream.Nodes.Count)];
        if (session is not null && upstream.Policies is { Sticky: { } sticky })
            request.With("cookie", System.Text.Encoding.ASCII.GetString(sticky.CookieFor(Picking.AnyRequest, session)!).Split(';')[0]);
        else
            session = null;
        int[] tried = [.. upstream.Nodes.Where(_ => _random.Next(3) == 0).Select(node => node.Index)];
        string told = $"HEADGATE_SEED={TestSeed.Value}: version {version}, stage {(hasStage ? stage : "none")}, session {session?.Index}, tried {string.Join(',', tried)}, "
            + $"left out {string.Join(',', upstream.Nodes.Where(node => !node.State.IsUsable).Select(node => node.Index))}, {json}";

        NodeSnapshot[] allowed = Groups(upstream, hasStage ? [("stage", stage), ("version", version)] : null, session)
            .Select(group => group.Where(node => !tried.Contains(node.Index)).ToArray()).FirstOrDefault(group => group.Length > 0) ?? [];
        NodeSnapshot? picked = Picking.Pick(upstream, request, tried);

        if (allowed.Length == 0 && (upstream.Nodes.Count > 1 || upstream.Order is not null))
            picked.ShouldBeNull(told);
        else
            (allowed.Length == 0 ? upstream.Nodes : allowed).ShouldContain(picked.ShouldNotBeNull(told), told);
    }

    private static IEnumerable<NodeSnapshot[]> Groups(UpstreamSnapshot upstream, (string Key, string Value)[]? asked, NodeSnapshot? session)
    {
        NodeSnapshot[] usable = [.. upstream.Nodes.Where(node => node.State.IsUsable)];
        usable = usable.Length > 0 ? usable : [.. upstream.Nodes];
        if (upstream.Config.Subset is not { } subset)
            return InOrder(upstream.Nodes, usable, upstream, session);

        NodeSnapshot[] members = asked is null ? [] : [.. upstream.Nodes.Where(node => Has(node, asked))];
        NodeSnapshot[] own = [.. members.Intersect(usable)];
        switch (subset.Fallback)
        {
            case SubsetFallback.Any:
                return InOrder(members, own, upstream, session).Concat(InOrder(upstream.Nodes, usable, upstream, session));
            case SubsetFallback.None:
                return InOrder(members, own.Length > 0 ? own : members, upstream, session);
            default:
                if (own.Length > 0)
                    return InOrder(members, own, upstream, session);
                NodeSnapshot[] standard = [.. upstream.Nodes.Where(node => Has(node, [.. subset.DefaultSubset.Items.Select(entry => (entry.Key, entry.Value))]))];
                return InOrder(standard, [.. standard.Intersect(usable)], upstream, session);
        }
    }

    /// <summary>The session's node, then priority by priority, nodes of weight 0 last, the own zone first where enough of it is usable.</summary>
    private static List<NodeSnapshot[]> InOrder(IReadOnlyList<NodeSnapshot> members, NodeSnapshot[] usable, UpstreamSnapshot upstream, NodeSnapshot? session)
    {
        var groups = new List<NodeSnapshot[]>();
        if (session is not null && usable.Contains(session))
            groups.Add([session]);
        foreach (IGrouping<(int, bool), NodeSnapshot> tier in members.GroupBy(node => (-node.Config.Priority, node.Config.Weight == 0)).OrderBy(tier => tier.Key))
        {
            NodeSnapshot[] own = [.. tier.Where(node => Has(node, [("zone", "0")]))];
            NodeSnapshot[] mine = [.. own.Intersect(usable)], all = [.. tier.Intersect(usable)];
            bool preferred = upstream.Config.ZoneAware is { } zone && own.Length > 0 && own.Length < tier.Count()
                && mine.Length >= zone.MinSize && Weight(mine) * 100 >= Weight(own) * zone.MinPercent;
            groups.AddRange(preferred ? [mine, [.. all.Except(mine)]] : [all]);
        }

        return groups;
    }

    private static bool Has(NodeSnapshot node, (string Key, string Value)[] asked) =>
        asked.All(wanted => node.Config.Metadata.Items.Any(entry => entry.Key == wanted.Key && entry.Value == wanted.Value));

    private static int Weight(IEnumerable<NodeSnapshot> nodes) => nodes.Sum(node => Math.Max(1, node.Config.Weight));

    private void ExcludeSome(UpstreamSnapshot upstream)
    {
        int one = _random.Next(1, 5);
        foreach (NodeSnapshot node in upstream.Nodes)
        {
            if (_random.Next(4) < one - 1)
                node.State.Exclude(NodeExclusions.Ejected);
        }

        upstream.RefreshUsable();
    }

    /// <summary>Node 0 has all that the options ask for, so that none of them is without effect.</summary>
    private string RandomUpstream()
    {
        string nodes = string.Join(',', Enumerable.Range(0, _random.Next(1, 9)).Select(i => $"{{\"host\":\"10.0.0.{i + 1}\",\"port\":80,\"weight\":{_random.Next(3)},"
            + $"\"priority\":{_random.Next(2)},\"metadata\":{{\"zone\":\"{(i == 0 ? "0" : Digit(2))}\",\"version\":\"{(i == 0 ? "0" : Digit(3))}\",\"stage\":{(i == 0 ? "0" : Digit(2))}}}}}"));
        var options = new List<string> { $"\"type\":\"{LoadBalancingTypes.All[_random.Next(LoadBalancingTypes.All.Length)]}\",\"key\":\"remote_addr\"" };
        if (_random.Next(2) == 0)
            options.Add("\"sticky\":{\"cookie\":{}}");
        if (_random.Next(2) == 0)
            options.Add($"\"zone_aware\":{{\"min_percent\":{_random.Next(1, 101)},\"min_size\":{_random.Next(1, 4)}}}");
        string[] fallbacks = ["\"any\"", "\"none\"", "\"default\",\"default_subset\":{\"version\":\"0\",\"stage\":\"0\"}"];
        if (_random.Next(2) == 0)
            options.Add($"\"subset\":{{\"keys\":{{\"version\":\"http_x_version\",\"stage\":\"arg_stage\"}},\"fallback_policy\":{fallbacks[_random.Next(3)]}}}");
        return $"{{\"nodes\":[{nodes}],{string.Join(',', options)}}}";
    }

    private string Digit(int below) => _random.Next(below).ToString(CultureInfo.InvariantCulture);
}
