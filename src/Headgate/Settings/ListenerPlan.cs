using System.Net;
using Headgate.Core.Primitives;

namespace Headgate.Settings;

/// <summary>One listener that the settings ask for.</summary>
/// <param name="Purpose">What it serves.</param>
/// <param name="Key">Key of the table that sets its port.</param>
/// <param name="Path">Path as texts name it: the key, with an index where it is a list.</param>
/// <param name="Listen">Where.</param>
/// <param name="Address">Its address; null = all, IPv6 included.</param>
/// <param name="IsSecure">Whether it speaks TLS.</param>
internal sealed record ListenerPlan(ListenerPurpose Purpose, string Key, string Path, ListenSettings Listen, IPAddress? Address, bool IsSecure)
{
    /// <summary>What its URLs begin with.</summary>
    public string Scheme => IsSecure ? "https" : "http";

    /// <summary>All listeners that the settings ask for, in the order in which the banner shows them.</summary>
    public static IReadOnlyList<ListenerPlan> All(GatewaySettings settings)
    {
        var plans = new List<ListenerPlan>();
        if (settings.ServesTraffic)
            AddTraffic(plans, ListenerPurpose.Http, "apisix.node_listen", settings.NodeListen, settings.EnableIpv6);
        if (settings.ServesTraffic && settings.Ssl.Enable)
            AddTraffic(plans, ListenerPurpose.Https, "apisix.ssl.listen", settings.Ssl.Listen, settings.EnableIpv6);
        if (settings.ServesAdmin)
            Add(plans, ListenerPurpose.Admin, "deployment.admin.admin_listen.port", settings.Admin.Listen, settings.Admin.Tls.Enable);
        if (settings.EnableControl)
            Add(plans, ListenerPurpose.Control, "apisix.control.port", settings.Control);
        Add(plans, ListenerPurpose.Status, "apisix.status.port", settings.Status);
        if (settings.Metrics.Enable)
            Add(plans, ListenerPurpose.Metrics, "plugin_attr.prometheus.export_addr.port", settings.Metrics.Listen);
        return plans;
    }

    /// <summary>Whether the two cannot be had at once.</summary>
    public bool Clashes(ListenerPlan other)
    {
        if (Listen.Port != other.Listen.Port || Listen.Port == 0)
            return false;
        return TakesAll(other.Address) || TakesAll(Address) || Address!.Equals(other.Address);

        // "0.0.0.0" beside "::1" would do, and so would "::" beside "127.0.0.1" on some systems; no one means that on one port.
        static bool TakesAll(IPAddress? address) => address is null || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
    }

    private static void AddTraffic(List<ListenerPlan> plans, ListenerPurpose purpose, string key, EquatableArray<ListenSettings> listens, bool ipv6)
    {
        for (int i = 0; i < listens.Count; i++)
            plans.Add(new ListenerPlan(purpose, key, $"{key}[{i}]", listens[i], listens[i].Ip ?? (ipv6 ? null : IPAddress.Any), purpose == ListenerPurpose.Https));
    }

    private static void Add(List<ListenerPlan> plans, ListenerPurpose purpose, string key, ListenSettings listen, bool isSecure = false) =>
        plans.Add(new ListenerPlan(purpose, key, key, listen, listen.Ip ?? IPAddress.Any, isSecure));
}
