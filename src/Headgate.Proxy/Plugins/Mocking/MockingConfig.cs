using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.Mocking;

/// <summary>Configuration of <c>mocking</c>. Source: APISIX, <c>apisix/plugins/mocking.lua</c>.</summary>
public sealed record MockingConfig : PluginConfig
{
    /// <summary>How long the answer is waited with; whole seconds.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Status, 200 to 599.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Content-Type.</summary>
    public string ContentType { get; init; } = "application/json;charset=utf8";

    /// <summary>Body, a template; null = made up from <see cref="Schema"/>.</summary>
    public string? Example { get; init; }

    /// <summary>What a made-up body looks like; null = <see cref="Example"/> is there.</summary>
    public MockValue? Schema { get; init; }

    /// <summary>Whether the answer says that it is none of a node's.</summary>
    public bool SaysSo { get; init; } = true;

    /// <summary>Fields that are sent; templates.</summary>
    public EquatableArray<HeaderTemplate> Headers { get; init; } = [];
}
