namespace Headgate.Proxy.Http1;

/// <summary>The header fields that the gateway itself acts on.</summary>
public enum KnownHeader : byte
{
    /// <summary>Passed on as it is.</summary>
    Other,

    /// <summary>Host.</summary>
    Host,

    /// <summary>Content-Length.</summary>
    ContentLength,

    /// <summary>Transfer-Encoding.</summary>
    TransferEncoding,

    /// <summary>Connection.</summary>
    Connection,

    /// <summary>Keep-Alive.</summary>
    KeepAlive,

    /// <summary>Proxy-Connection.</summary>
    ProxyConnection,

    /// <summary>Proxy-Authenticate and Proxy-Authorization.</summary>
    ProxyAuth,

    /// <summary>TE.</summary>
    Te,

    /// <summary>Trailer.</summary>
    Trailer,

    /// <summary>Upgrade.</summary>
    Upgrade,

    /// <summary>Expect.</summary>
    Expect,

    /// <summary>Server (of a response).</summary>
    Server,

    /// <summary>Date (of a response).</summary>
    Date,

    /// <summary>X-Real-IP.</summary>
    XRealIp,

    /// <summary>X-Forwarded-For.</summary>
    XForwardedFor,

    /// <summary>X-Forwarded-Proto.</summary>
    XForwardedProto,

    /// <summary>X-Forwarded-Host.</summary>
    XForwardedHost,

    /// <summary>X-Forwarded-Port.</summary>
    XForwardedPort,

    /// <summary>Named in this message's Connection field: hop-by-hop, not passed on.</summary>
    NamedByConnection,

    /// <summary>X-APISIX-Upstream-Status (of a response).</summary>
    UpstreamStatus,

    /// <summary>X-Headgate-Explain: an admin's key in a request, an explanation in a response; passed on in neither direction.</summary>
    Explain,

    /// <summary>
    /// Not one of these, but read as one by nodes that turn field names into variables (CGI, WSGI, PHP), where '-' and '_' become the same: <c>X_Real_IP</c>,
    /// <c>Content_Length</c>. Not passed on to nodes.
    /// </summary>
    Lookalike,

    /// <summary>Taken out, of a request by the upstream's <c>request_headers</c> or a plugin, of a response by a plugin; not passed on.</summary>
    Edited,
}
