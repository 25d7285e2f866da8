using Headgate.Core.Config.Plugins;
using Headgate.Proxy.Plugins.Limits;

namespace Headgate.Proxy.Plugins.LimitConn;

/// <summary>Configuration of <c>limit-conn</c>. Source: APISIX, <c>apisix/plugins/limit-conn.lua</c>.</summary>
public sealed record LimitConnConfig : PluginConfig
{
    /// <summary>Requests under way that are not delayed, from 1.</summary>
    public required int Conn { get; init; }

    /// <summary>Requests above those that are delayed, from 0; further ones are refused.</summary>
    public required int Burst { get; init; }

    /// <summary>How long the first of them is delayed for every <see cref="Conn"/> before it.</summary>
    public required TimeSpan DefaultDelay { get; init; }

    /// <summary>Whether that delay stays; if not, it follows how long requests take.</summary>
    public bool UsesOnlyDefaultDelay { get; init; }

    /// <summary>What is counted together, and what the refused are told.</summary>
    public required LimitTerms Terms { get; init; }
}
