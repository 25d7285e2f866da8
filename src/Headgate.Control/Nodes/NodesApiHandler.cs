using Headgate.Control.AdminApi;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Headgate.Control.Nodes;

/// <summary>Answers questions about nodes from what is served now.</summary>
internal sealed class NodesApiHandler(ServedUpstreams upstreams, Func<long> latencyClockMs)
{
    /// <summary>All nodes of an upstream.</summary>
    public AdminResponse All(HttpContext context, string kind)
    {
        string owner = Owner(context, kind);
        return upstreams.Find(owner) is { } upstream ? NodeJson.All(owner, upstream, latencyClockMs()) : NotServed(context, kind);
    }

    /// <summary>One node.</summary>
    public AdminResponse One(HttpContext context, string kind)
    {
        if (upstreams.Find(Owner(context, kind)) is not { } upstream)
            return NotServed(context, kind);
        return Find(context, upstream) is { } node ? NodeJson.One(node, latencyClockMs()) : NoSuchNode(context, kind);
    }

    /// <summary>What happened to one node.</summary>
    public AdminResponse Timeline(HttpContext context, string kind)
    {
        if (upstreams.Find(Owner(context, kind)) is not { } upstream)
            return NotServed(context, kind);
        return Find(context, upstream) is { } node ? NodeJson.Timeline(node.State) : NoSuchNode(context, kind);
    }

    private static string Owner(HttpContext context, string kind) => $"{kind}/{Value(context, "id")}";

    private static string Value(HttpContext context, string name) => context.GetRouteValue(name) as string ?? "";

    private static NodeSnapshot? Find(HttpContext context, UpstreamSnapshot upstream)
    {
        string name = Value(context, "node");
        foreach (NodeSnapshot node in upstream.Nodes)
        {
            if (string.Equals(NodeJson.Name(node.State), name, StringComparison.OrdinalIgnoreCase))
                return node;
        }

        return null;
    }

    private static AdminResponse NotServed(HttpContext context, string kind) =>
        AdminResponse.Error(StatusCodes.Status404NotFound, $"{kind}[{Value(context, "id")}] is no object with an upstream that is served");

    private static AdminResponse NoSuchNode(HttpContext context, string kind) =>
        AdminResponse.Error(StatusCodes.Status404NotFound, $"{kind}[{Value(context, "id")}] has no node {Value(context, "node")}; a node is named HOST:PORT as in its list");
}
