using Headgate.Control.AdminApi;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Nodes;

/// <summary>Answers questions about nodes from what is served now.</summary>
internal sealed class NodesApiHandler(ServedUpstreams upstreams, Func<long> latencyClockMs)
{
    /// <summary>All nodes of an upstream.</summary>
    public AdminResponse All(AdminRequest request)
    {
        string owner = Owner(request);
        return upstreams.Find(owner) is { } upstream ? NodeJson.All(owner, upstream, latencyClockMs()) : NotServed(request);
    }

    /// <summary>One node.</summary>
    public AdminResponse One(AdminRequest request)
    {
        if (upstreams.Find(Owner(request)) is not { } upstream)
            return NotServed(request);
        return Find(request, upstream) is { } node ? NodeJson.One(node, latencyClockMs()) : NoSuchNode(request);
    }

    /// <summary>What happened to one node.</summary>
    public AdminResponse Timeline(AdminRequest request)
    {
        if (upstreams.Find(Owner(request)) is not { } upstream)
            return NotServed(request);
        return Find(request, upstream) is { } node ? NodeJson.Timeline(node.State) : NoSuchNode(request);
    }

    /// <summary>What happened to all nodes of an upstream.</summary>
    public AdminResponse UpstreamTimeline(AdminRequest request)
    {
        if (TimelineLimit.Read(request.Query, out int limit) is { } wrong)
            return wrong;
        return upstreams.Find(Owner(request)) is { } upstream ? NodeJson.Timeline(Owner(request), upstream, limit) : NotServed(request);
    }

    private static string Owner(AdminRequest request) => $"{request.Segments[0]}/{request.Segments[1]}";

    private static NodeSnapshot? Find(AdminRequest request, UpstreamSnapshot upstream)
    {
        string name = request.Segments[3];
        foreach (NodeSnapshot node in upstream.Nodes)
        {
            if (string.Equals(NodeJson.Name(node.State), name, StringComparison.OrdinalIgnoreCase))
                return node;
        }

        return null;
    }

    private static AdminResponse NotServed(AdminRequest request) =>
        AdminResponse.Error(StatusCodes.Status404NotFound, $"{request.Segments[0]}[{request.Segments[1]}] is no object with an upstream that is served");

    private static AdminResponse NoSuchNode(AdminRequest request) =>
        AdminResponse.Error(StatusCodes.Status404NotFound, $"{request.Segments[0]}[{request.Segments[1]}] has no node {request.Segments[3]}; a node is named HOST:PORT as in its list");
}
