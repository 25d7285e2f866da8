namespace Headgate.Core.Config;

/// <summary>The cookie of sticky sessions, in the attributes of RFC 6265 §5.2.</summary>
public sealed record StickyCookieConfig
{
    /// <summary>Its name, a token of at most 64 characters; null = one made from the upstream's identity, so that two upstreams behind one host do not share it.</summary>
    public string? Name { get; init; }

    /// <summary>Path it is sent back for; default <c>/</c>.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Domain it is sent back to; null = the host that set it.</summary>
    public string? Domain { get; init; }

    /// <summary>Whether scripts in the page are kept from it; default yes.</summary>
    public bool HttpOnly { get; init; } = true;

    /// <summary>Whether it is sent back over https only; default no.</summary>
    public bool Secure { get; init; }

    /// <summary><c>strict</c>, <c>lax</c> or <c>none</c>; null = no such attribute.</summary>
    public string? SameSite { get; init; }

    /// <summary>How long the client keeps it, whole seconds from 1; null = until the client ends.</summary>
    public TimeSpan? MaxAge { get; init; }
}
