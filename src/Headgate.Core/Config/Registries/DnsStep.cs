namespace Headgate.Core.Config.Registries;

/// <summary>A step in looking for a service by DNS.</summary>
public enum DnsStep
{
    /// <summary>The type that had something the last time.</summary>
    Last,

    /// <summary>SRV: hosts with ports, weights, priorities.</summary>
    Srv,

    /// <summary>IPv4 addresses.</summary>
    A,

    /// <summary>IPv6 addresses.</summary>
    Aaaa,

    /// <summary>CNAME: the service is looked for under the name that this one is an alias of.</summary>
    Cname,
}
