using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.Cors;

/// <summary>Configuration of <c>cors</c>. Source: APISIX, <c>apisix/plugins/cors.lua</c>.</summary>
public sealed record CorsConfig : PluginConfig
{
    /// <summary>Origins that may read answers: <c>*</c> any, <c>**</c> any by name, or a list with commas.</summary>
    public string AllowOrigins { get; init; } = "*";

    /// <summary>Patterns of origins; when not empty they alone decide.</summary>
    public EquatableArray<string> AllowOriginsByRegex { get; init; } = [];

    /// <summary>Value of Access-Control-Allow-Methods; <c>**</c> = all by name.</summary>
    public string AllowMethods { get; init; } = "*";

    /// <summary>Value of Access-Control-Allow-Headers; <c>**</c> = those that the client asks for.</summary>
    public string AllowHeaders { get; init; } = "*";

    /// <summary>Value of Access-Control-Expose-Headers; empty = no such field.</summary>
    public string ExposeHeaders { get; init; } = "";

    /// <summary>Seconds for which a browser may keep the verdict; −1 = not at all.</summary>
    public int MaxAge { get; init; } = 5;

    /// <summary>Whether browsers may send cookies and the like.</summary>
    public bool AllowCredential { get; init; }

    /// <summary>As <see cref="AllowOrigins"/>, of those that may see timings; null = none.</summary>
    public string? TimingAllowOrigins { get; init; }

    /// <summary>As <see cref="AllowOriginsByRegex"/>, of those that may see timings.</summary>
    public EquatableArray<string> TimingAllowOriginsByRegex { get; init; } = [];
}
