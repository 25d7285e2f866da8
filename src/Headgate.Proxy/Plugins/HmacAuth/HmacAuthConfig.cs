using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Authentication;

namespace Headgate.Proxy.Plugins.HmacAuth;

/// <summary>Configuration of <c>hmac-auth</c>. Source: APISIX, <c>apisix/plugins/hmac-auth.lua</c>.</summary>
public sealed record HmacAuthConfig : AuthenticationConfig
{
    /// <summary>Algorithms that may sign, of <c>hmac-sha1</c>, <c>hmac-sha256</c>, <c>hmac-sha512</c>; at least one.</summary>
    public EquatableArray<string> AllowedAlgorithms { get; init; } = [.. HmacAuthKind.Algorithms];

    /// <summary>By how many seconds the field Date may differ from the gateway's clock, from 1.</summary>
    public int ClockSkewSeconds { get; init; } = 300;

    /// <summary>What every signature has to cover, as clients name it.</summary>
    public EquatableArray<string> SignedHeaders { get; init; } = ["date"];

    /// <summary>Bytes that a body may have which the field Digest has to fit; null = no body is read.</summary>
    public int? DigestedBytesMax { get; init; }
}
