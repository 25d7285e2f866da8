namespace Headgate.Proxy.Plugins.ConsumerRestriction;

/// <summary>By what <c>consumer-restriction</c> tells requests apart.</summary>
public enum ConsumerRestrictionType
{
    /// <summary>Who calls.</summary>
    ConsumerName,

    /// <summary>The group of who calls.</summary>
    ConsumerGroupId,

    /// <summary>The service of the route.</summary>
    ServiceId,

    /// <summary>The route.</summary>
    RouteId,
}
