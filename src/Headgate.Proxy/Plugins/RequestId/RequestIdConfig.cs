using Headgate.Core.Config.Plugins;

namespace Headgate.Proxy.Plugins.RequestId;

/// <summary>Configuration of <c>request-id</c>. Source: APISIX, <c>apisix/plugins/request-id.lua</c>.</summary>
public sealed record RequestIdConfig : PluginConfig
{
    /// <summary>Field that carries the id, to the node and back to the client.</summary>
    public string HeaderName { get; init; } = "X-Request-Id";

    /// <summary>Whether the client is told the id.</summary>
    public bool IsInResponse { get; init; } = true;

    /// <summary>How an id is made.</summary>
    public RequestIdAlgorithm Algorithm { get; init; } = RequestIdAlgorithm.Uuid;

    /// <summary>Characters of an id, for <see cref="RequestIdAlgorithm.RangeId"/>.</summary>
    public int RangeLength { get; init; } = 16;

    /// <summary>What those characters are taken from.</summary>
    public string RangeCharacters { get; init; } = "abcdefghijklmnopqrstuvwxyzABCDEFGHIGKLMNOPQRSTUVWXYZ0123456789";
}
