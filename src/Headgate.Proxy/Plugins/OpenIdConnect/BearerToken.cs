using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Authentication;

namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>Finds the token of a request (RFC 6750 §2.1): in <c>Authorization</c>, or, where that is absent, alone in <c>X-Access-Token</c>.</summary>
internal static class BearerToken
{
    /// <summary>The token; false when there is none. <paramref name="hasScheme"/>: false = there is an <c>Authorization</c> without any scheme.</summary>
    public static bool TryGet(IRequestView request, out ReadOnlySpan<byte> token, out bool hasScheme)
    {
        hasScheme = true;
        if (!request.TryGetHeader("authorization"u8, out ReadOnlySpan<byte> value))
            return request.TryGetHeader("x-access-token"u8, out token) && !token.IsEmpty;
        hasScheme = value.Contains((byte)' ');
        return AuthorizationField.TryGetCredentials(value, "bearer"u8, out token);
    }
}
