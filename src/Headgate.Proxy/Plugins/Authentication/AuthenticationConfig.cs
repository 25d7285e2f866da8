using Headgate.Core.Config.Plugins;

namespace Headgate.Proxy.Plugins.Authentication;

/// <summary>What all plugins that find out who calls can be told. Source: APISIX, <c>apisix/schema_def.lua</c> and the plugins that use it.</summary>
public abstract record AuthenticationConfig : PluginConfig
{
    /// <summary>Whether nodes are not sent what the client has identified itself with.</summary>
    public bool HidesCredentials { get; init; }

    /// <summary>Name of the consumer that requests belong to which are nobody's; null = they are refused.</summary>
    public string? AnonymousConsumer { get; init; }

    /// <summary>What clients are told they should identify themselves for: printable ASCII without quote and backslash, 1 to 128 characters.</summary>
    public required string Realm { get; init; }
}
