using Headgate.Core.Config.Expressions;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.ResponseRewrite;

/// <summary>Configuration of <c>response-rewrite</c>. Source: APISIX, <c>apisix/plugins/response-rewrite.lua</c>.</summary>
public sealed record ResponseRewriteConfig : PluginConfig
{
    /// <summary>Status that clients get; null = the answer's.</summary>
    public int? Status { get; init; }

    /// <summary>Body that clients get, as written; null = the answer's.</summary>
    public string? Body { get; init; }

    /// <summary>Whether <see cref="Body"/> is base64.</summary>
    public bool IsBodyBase64 { get; init; }

    /// <summary>Fields that are sent besides those that are there; templates.</summary>
    public EquatableArray<HeaderTemplate> Add { get; init; } = [];

    /// <summary>Fields that are sent in place of those that are there; templates.</summary>
    public EquatableArray<HeaderTemplate> Set { get; init; } = [];

    /// <summary>Fields that are not sent.</summary>
    public EquatableArray<string> Remove { get; init; } = [];

    /// <summary>Which answers are meant; null = all.</summary>
    public VarsExpression? Vars { get; init; }

    /// <summary>What is replaced in the body, one after the other. None beside <see cref="Body"/>.</summary>
    public EquatableArray<BodyFilterConfig> Filters { get; init; } = [];

    /// <summary>Bytes of a body that filters see, at least 1; what is above is left out.</summary>
    public int BodyBytesMax { get; init; } = 67_108_864;
}
