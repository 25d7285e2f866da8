namespace Headgate.Core.Config;

/// <summary>Which Host header the nodes see.</summary>
public enum PassHost
{
    /// <summary>The client's.</summary>
    Pass,

    /// <summary>The picked node's host, with its port unless it is the scheme's standard one.</summary>
    Node,

    /// <summary><see cref="UpstreamConfig.UpstreamHost"/>.</summary>
    Rewrite,
}
