using Headgate.Core.Config.Plugins;

namespace Headgate.Proxy.Plugins.ProxyMirror;

/// <summary>Configuration of <c>proxy-mirror</c>. Source: APISIX, <c>apisix/plugins/proxy-mirror.lua</c>.</summary>
/// <param name="Host">Where copies go: <c>http://host:port</c>, https too.</param>
public sealed record ProxyMirrorConfig(string Host) : PluginConfig
{
    /// <summary>Path of copies; null = the request's.</summary>
    public string? Path { get; init; }

    /// <summary>Whether <see cref="Path"/> stands before the request's path and query; if not, it is in the path's place.</summary>
    public bool IsPrefix { get; init; }

    /// <summary>Which part of the requests is copied, above 0, at most 1.</summary>
    public double SampleRatio { get; init; } = 1;
}
