namespace Headgate.Core.Config.Plugins;

/// <summary>What a plugin that chooses upstreams would choose from for a request.</summary>
/// <param name="Rule">Index of the plugin's rule that decides; null = none takes the request.</param>
/// <param name="All">What it chooses from, at least one, no upstream twice.</param>
/// <param name="LooksAt">The upstreams that must be there, whichever is chosen: indexes among <see cref="PluginConfig.Upstreams"/>, before this one.</param>
public sealed record UpstreamChoices(int? Rule, IReadOnlyList<UpstreamChoice> All, int LooksAt)
{
    /// <summary>The request stays with the route's own upstream, whatever the plugin may do with others. <paramref name="looksAt"/>: as <see cref="LooksAt"/>.</summary>
    public static UpstreamChoices Own(int looksAt) => new(null, [new UpstreamChoice(-1, 1)], looksAt);
}
