namespace Headgate.Proxy.Plugins;

/// <summary>The points of a request's path at which a plugin wants to be called (docs/request-walk.md). Source: APISIX's phases.</summary>
[Flags]
public enum PluginPhases
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The route is known and nothing is decided yet: who calls, and what the request is to look like.</summary>
    Rewrite = 1,

    /// <summary>The consumer is known: whether the request may go on.</summary>
    Access = 2,

    /// <summary>The upstream is known, no node is picked yet.</summary>
    BeforeProxy = 4,

    /// <summary>The head of the answer is about to be written, a node's or the gateway's own.</summary>
    ResponseHead = 8,

    /// <summary>All plugins have seen the head and asked for their changes of the body, which may be encoded now: a plugin offers to (<see cref="Bodies.ResponseBody.OfferCoding"/>).</summary>
    ResponseBody = 32,

    /// <summary>The answer is out, or nobody takes it any more: once for every request that the plugin could have seen.</summary>
    End = 16,
}
