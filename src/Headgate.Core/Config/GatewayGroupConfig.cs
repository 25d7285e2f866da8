namespace Headgate.Core.Config;

/// <summary>A gateway group as its user wrote it: an isolated configuration and the gateways that run it. API7 2.x called it a cluster.</summary>
public sealed record GatewayGroupConfig
{
    /// <summary>Id of the group that is always there.</summary>
    public const string DefaultId = "default";

    /// <summary>1 to 64 of <c>a-z A-Z 0-9 - _ .</c></summary>
    public required string Id { get; init; }

    /// <summary>1 to 1024 characters.</summary>
    public required string Name { get; init; }

    /// <summary>With what the store keys of its objects begin, without a slash at the end: APISIX's own for the default group, for others API7's.</summary>
    public static string PrefixOf(string id) => id == DefaultId ? ResourceKinds.DefaultPrefix : "/gateway_groups/" + id;
}
