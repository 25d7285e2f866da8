namespace Headgate.Proxy.Http1;

/// <summary>Methods by kind (RFC 9110 §9; PURGE as APISIX lists it).</summary>
public enum HttpMethod : byte
{
    /// <summary>An extension method.</summary>
    Other,

    /// <summary>GET.</summary>
    Get,

    /// <summary>HEAD.</summary>
    Head,

    /// <summary>POST.</summary>
    Post,

    /// <summary>PUT.</summary>
    Put,

    /// <summary>DELETE.</summary>
    Delete,

    /// <summary>PATCH.</summary>
    Patch,

    /// <summary>OPTIONS.</summary>
    Options,

    /// <summary>CONNECT: always refused.</summary>
    Connect,

    /// <summary>TRACE.</summary>
    Trace,

    /// <summary>PURGE.</summary>
    Purge,
}
