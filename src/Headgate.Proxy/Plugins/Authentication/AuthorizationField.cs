using System.Text;

namespace Headgate.Proxy.Plugins.Authentication;

/// <summary>Reads the field Authorization (RFC 9110 §11.6.2): a scheme, which is compared without regard to case, white space and what the scheme says.</summary>
internal static class AuthorizationField
{
    /// <summary>What stands behind the scheme. <paramref name="lowerScheme"/> is lower-case. False when the value has another scheme, or nothing behind it.</summary>
    public static bool TryGetCredentials(ReadOnlySpan<byte> value, ReadOnlySpan<byte> lowerScheme, out ReadOnlySpan<byte> credentials)
    {
        credentials = default;
        if (value.Length <= lowerScheme.Length || value[lowerScheme.Length] is not ((byte)' ' or (byte)'\t') || !Ascii.EqualsIgnoreCase(value[..lowerScheme.Length], lowerScheme))
            return false;
        credentials = value[lowerScheme.Length..].Trim(" \t"u8);
        return !credentials.IsEmpty;
    }
}
