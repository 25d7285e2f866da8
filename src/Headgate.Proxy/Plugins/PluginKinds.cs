namespace Headgate.Proxy.Plugins;

/// <summary>The plugins that come with the gateway: one line each.</summary>
public static class PluginKinds
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<PluginKind> All { get; } =
    [
        new IpRestriction.IpRestrictionKind(),
        new LimitConn.LimitConnKind(),
        new LimitReq.LimitReqKind(),
        new RequestId.RequestIdKind(),
        new TrafficSplit.TrafficSplitKind(),
    ];
}
