using System.Net;
using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.LoadBalancing;

/// <summary>Makes nodes and drives pickers for the balancing tests.</summary>
internal static class Balancing
{
    public static TestRequest AnyRequest { get; } = new("a.test", "/");

    public static TestRequest From(uint client) => new("a.test", "/", clientAddress: new IPAddress(client).ToString());

    public static NodeSnapshot[] Nodes(params int[] weights) => Nodes(weights, firstIndex: 0);

    public static NodeSnapshot[] Nodes(int[] weights, int firstIndex) =>
    [
        .. weights.Select((weight, i) =>
        {
            var config = new NodeConfig($"10.0.{i / 250}.{(i % 250) + 1}", 80, weight);
            return new NodeSnapshot(firstIndex + i, config, new NodeState(new NodeKey("upstreams/1", config.Host, config.Port)), []);
        }),
    ];

    public static UpstreamConfig Upstream(string type) => new() { Id = "1", Type = type, Key = "remote_addr" };

    public static INodePicker Picker(string type, BalancerState state, params NodeSnapshot[] nodes) =>
        LoadBalancingPolicies.Get(type).Build(Upstream(type), nodes, state);

    public static NodeSnapshot? PickFirst(INodePicker picker, IRequestView? request = null)
    {
        TriedNodes none = default;
        return PickNext(picker, in none, request);
    }

    public static NodeSnapshot? PickNext(INodePicker picker, in TriedNodes tried, IRequestView? request = null)
    {
        var context = new PickContext(in tried, request ?? AnyRequest);
        return picker.Pick(ref context);
    }
}
