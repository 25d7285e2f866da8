using Headgate.Core.Config.Plugins;
using Headgate.Proxy.Plugins.Limits;

namespace Headgate.Proxy.Plugins.LimitReq;

/// <summary>Configuration of <c>limit-req</c>. Source: APISIX, <c>apisix/plugins/limit-req.lua</c>.</summary>
public sealed record LimitReqConfig : PluginConfig
{
    /// <summary>Requests per second, above 0.</summary>
    public required double Rate { get; init; }

    /// <summary>Requests that may come before their time, from 0; further ones are refused.</summary>
    public required double Burst { get; init; }

    /// <summary>Whether those that come before their time go on at once; if not, they wait for it.</summary>
    public bool IsWithoutDelay { get; init; }

    /// <summary>What is counted together, and what the refused are told.</summary>
    public required LimitTerms Terms { get; init; }
}
