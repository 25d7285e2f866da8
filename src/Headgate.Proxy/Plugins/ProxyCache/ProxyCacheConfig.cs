using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>Configuration of <c>proxy-cache</c>, <c>cache_strategy: memory</c>.</summary>
public sealed record ProxyCacheConfig : PluginConfig
{
    /// <summary>Name of the memory that answers are kept in.</summary>
    public required string Zone { get; init; }

    /// <summary>Texts and variables that make the key.</summary>
    public required EquatableArray<string> Key { get; init; }

    /// <summary>Texts and variables: the cache is passed by where they are, together, neither empty nor <c>0</c>.</summary>
    public EquatableArray<string> Bypass { get; init; }

    /// <summary>As <see cref="Bypass"/>: the answer is not kept.</summary>
    public EquatableArray<string> NoCache { get; init; }

    /// <summary>Methods, upper case, that the cache serves.</summary>
    public required EquatableArray<string> Methods { get; init; }

    /// <summary>Statuses of answers that are kept.</summary>
    public required EquatableArray<int> Statuses { get; init; }

    /// <summary>Clients get no Expires and no Cache-Control.</summary>
    public bool HidesCacheHeaders { get; init; }

    /// <summary>Clients' Cache-Control counts, and answers are fresh for as long as they say themselves.</summary>
    public bool HonorsCacheControl { get; init; }

    /// <summary>Answers with Set-Cookie are kept.</summary>
    public bool KeepsSetCookie { get; init; }

    /// <summary>How long answers are fresh without <see cref="HonorsCacheControl"/>.</summary>
    public required TimeSpan Ttl { get; init; }

    /// <summary>Bytes of a body that is kept, at most.</summary>
    public required int BodyBytesMax { get; init; }

    /// <summary>Consumers do not share answers.</summary>
    public required bool IsolatesConsumers { get; init; }
}
