using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.ForwardAuth;

/// <summary>Configuration of <c>forward-auth</c>. Source: APISIX, <c>apisix/plugins/forward-auth.lua</c>.</summary>
public sealed record ForwardAuthConfig : PluginConfig
{
    /// <summary>Who is asked.</summary>
    public required Uri Uri { get; init; }

    /// <summary>Whether a request passes when the server cannot be asked.</summary>
    public bool AllowsDegradation { get; init; }

    /// <summary>Status of a request's answer when the server cannot be asked, 200 to 599.</summary>
    public int StatusOnError { get; init; } = 403;

    /// <summary>Whether the server's certificate is verified.</summary>
    public bool VerifiesTls { get; init; } = true;

    /// <summary>Fields of the request that the server gets.</summary>
    public EquatableArray<string> RequestHeaders { get; init; }

    /// <summary>Further fields that the server gets; values are templates.</summary>
    public EquatableArray<HeaderTemplate> ExtraHeaders { get; init; }

    /// <summary>Fields of the server's answer that the node gets in place of the client's.</summary>
    public EquatableArray<string> UpstreamHeaders { get; init; }

    /// <summary>Fields of the server's refusal that the client gets.</summary>
    public EquatableArray<string> ClientHeaders { get; init; }

    /// <summary>Time for the server's whole answer, 1 ms to 60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether a connection to the server serves more than one request.</summary>
    public bool KeepsAlive { get; init; } = true;

    /// <summary>How long a connection is kept that nobody uses, from 1 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes that a body may have that is sent on to the server, by POST; null = the server is asked by GET, without one.</summary>
    public int? PostedBytesMax { get; init; }
}
