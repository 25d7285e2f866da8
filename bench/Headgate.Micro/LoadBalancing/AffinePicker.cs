using System.Text;
using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Micro.LoadBalancing;

/// <summary>What goes before a policy in upstreams with sessions or subsets, as an upstream has it: the first picker that gives a node is right.</summary>
internal sealed class AffinePicker : INodePicker
{
    private const string Stage = "stage";
    private static readonly byte[] Key = new byte[32];

    private readonly INodePicker[] _pickers;

    private AffinePicker(params INodePicker[] pickers) => _pickers = pickers;

    /// <summary>Sessions before a policy.</summary>
    public static AffinePicker Sticky(INodePicker policy, NodeSnapshot[] nodes) =>
        new(new StickyPicker(Sessions(nodes), nodes, nodes.Length, static _ => true), policy);

    /// <summary>Two subsets, each with half of the nodes and a picker of its own.</summary>
    public static AffinePicker Subset(Func<NodeSnapshot[], INodePicker> policy, NodeSnapshot[] nodes)
    {
        var key = new SubsetKey([new SubsetKeyConfig(Stage, "http_x_stage")]);
        var subsets = new Dictionary<byte[], INodePicker[]>(ByteKeyComparer.Instance);
        foreach (IGrouping<int, NodeSnapshot> subset in nodes.GroupBy(node => node.Index % 2))
            subsets.Add([2, .. Encoding.ASCII.GetBytes($"s{subset.Key}")], [policy([.. subset])]);
        return new AffinePicker(new SubsetPicker(key, subsets, []));
    }

    /// <summary>The request with the cookie of one of the first two nodes and the name of a subset, which every row's upstream has.</summary>
    public static TestRequest With(TestRequest request, NodeSnapshot[] nodes, int number)
    {
        byte[] cookie = Sessions(nodes).CookieFor(request, nodes[number % 2])!;
        return request.With("Cookie", Encoding.ASCII.GetString(cookie).Split(';')[0]).With("X-Stage", $"s{number % 2}");
    }

    public NodeSnapshot? Pick(ref PickContext context)
    {
        foreach (INodePicker picker in _pickers)
        {
            if (picker.Pick(ref context) is { } node)
                return node;
        }

        return null;
    }

    private static StickySessions Sessions(NodeSnapshot[] nodes) => new(new StickyConfig(new StickyCookieConfig(), false), "upstreams/1", nodes, Key);
}
