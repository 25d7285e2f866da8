using Headgate.Core.Config.Expressions;

namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>Which bodies a plugin that logs requests keeps for its entries. Source: APISIX, <c>apisix/utils/log-util.lua</c>.</summary>
public sealed record LoggedBodies
{
    /// <summary>None.</summary>
    public static LoggedBodies None { get; } = new();

    /// <summary>How many bytes of a request's body are kept, from its first; 0 = none.</summary>
    public int RequestBytesMax { get; init; }

    /// <summary>For which requests; null = all.</summary>
    public VarsExpression? RequestWhen { get; init; }

    /// <summary>How many bytes of an answer's body are kept, from its first; 0 = none.</summary>
    public int ResponseBytesMax { get; init; }

    /// <summary>For which answers; null = all.</summary>
    public VarsExpression? ResponseWhen { get; init; }
}
