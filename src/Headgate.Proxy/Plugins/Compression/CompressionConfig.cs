using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.Compression;

/// <summary>What <c>gzip</c> and <c>brotli</c> are both told. Source: APISIX, <c>apisix/plugins/gzip.lua</c> and <c>brotli.lua</c>.</summary>
public abstract record CompressionConfig : PluginConfig
{
    /// <summary>Content types that are compressed; null = all.</summary>
    public EquatableArray<string>? Types { get; init; }

    /// <summary>Bytes that a body of known length has at least.</summary>
    public int BytesMin { get; init; } = 20;

    /// <summary>How hard to try.</summary>
    public int Level { get; init; }

    /// <summary>Whether clients of HTTP/1.0 get compressed answers too.</summary>
    public bool ServesHttp10 { get; init; }

    /// <summary>Whether answers that would be compressed for some clients say so in Vary.</summary>
    public bool Varies { get; init; }
}
