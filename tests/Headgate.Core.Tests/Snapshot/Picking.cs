using System.Text;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>Asks a served upstream for nodes, and takes nodes out of it.</summary>
internal static class Picking
{
    public static TestRequest AnyRequest { get; } = new("a.test", "/");

    public static NodeSnapshot? Pick(UpstreamSnapshot upstream, TestRequest? request = null, params int[] triedIndexes)
    {
        TriedNodes tried = default;
        foreach (int index in triedIndexes)
            tried.Add(index);
        var context = new PickContext(in tried, request ?? AnyRequest);
        return upstream.Pick(ref context);
    }

    /// <summary>How often each node is picked for a request.</summary>
    public static int[] Count(UpstreamSnapshot upstream, int picks, TestRequest? request = null)
    {
        var counts = new int[upstream.Nodes.Count];
        for (int i = 0; i < picks; i++)
            counts[Pick(upstream, request)!.Index]++;
        return counts;
    }

    public static void Exclude(UpstreamSnapshot upstream, int node, NodeExclusions why = NodeExclusions.Ejected)
    {
        upstream.Nodes[node].State.Exclude(why).ShouldBeTrue();
        upstream.RefreshUsable();
    }

    public static void Admit(UpstreamSnapshot upstream, int node, NodeExclusions why = NodeExclusions.Ejected)
    {
        upstream.Nodes[node].State.Admit(why).ShouldBeTrue();
        upstream.RefreshUsable();
    }

    /// <summary>The Set-Cookie of an answer of a node to a request without a session.</summary>
    public static string SetCookie(UpstreamSnapshot upstream, int node) =>
        Encoding.ASCII.GetString(upstream.Policies!.Sticky!.CookieFor(AnyRequest, upstream.Nodes[node]).ShouldNotBeNull());

    /// <summary>A request whose session is on a node.</summary>
    public static TestRequest OfSession(UpstreamSnapshot upstream, int node) => new TestRequest("a.test", "/").With("cookie", SetCookie(upstream, node).Split(';')[0]);
}
