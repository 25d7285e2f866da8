namespace Headgate.Proxy.Plugins.Jwt;

/// <summary>How a claim that is a time is taken.</summary>
internal enum JwtTimeRule
{
    /// <summary>It counts for nothing.</summary>
    Ignored,

    /// <summary>It must hold if it is there.</summary>
    IfPresent,

    /// <summary>It must be there and hold.</summary>
    Required,
}
