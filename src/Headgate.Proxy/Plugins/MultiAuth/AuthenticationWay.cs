using Headgate.Core.Config.Plugins;

namespace Headgate.Proxy.Plugins.MultiAuth;

/// <summary>One way in which a client may say who it is.</summary>
/// <param name="Plugin">The plugin that finds out.</param>
/// <param name="Config">Its configuration, as a route would carry it.</param>
public sealed record AuthenticationWay(PluginDefinition Plugin, PluginConfig Config);
