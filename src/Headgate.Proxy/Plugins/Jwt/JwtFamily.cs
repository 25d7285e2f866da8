namespace Headgate.Proxy.Plugins.Jwt;

/// <summary>What kind of key an algorithm takes, and how it is used.</summary>
internal enum JwtFamily
{
    /// <summary>A shared secret (RFC 7518 §3.2).</summary>
    Hmac,

    /// <summary>RSA with PKCS #1 v1.5 padding (RFC 7518 §3.3).</summary>
    Rsa,

    /// <summary>RSA with PSS padding, the salt as long as the hash (RFC 7518 §3.5).</summary>
    RsaPss,

    /// <summary>ECDSA over one curve (RFC 7518 §3.4).</summary>
    Ecdsa,
}
