namespace Headgate.Core.Config.Plugins;

/// <summary>One of the upstreams that a plugin may choose for a request.</summary>
/// <param name="Upstream">Its index among <see cref="PluginConfig.Upstreams"/>; −1 = the route's own.</param>
/// <param name="Weight">Its part of the requests, from 1.</param>
public readonly record struct UpstreamChoice(int Upstream, int Weight);
