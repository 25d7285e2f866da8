using System.Buffers;
using System.Buffers.Text;

namespace Headgate.Proxy.Plugins.Jwt;

/// <summary>
/// Base64url as tokens have it (RFC 7515 §2), strictly: no padding, nothing beside the alphabet, and no bits set that stand for nothing, so that no two texts stand for the same bytes.
/// </summary>
internal static class Base64UrlText
{
    private static readonly SearchValues<byte> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>Decodes into <paramref name="bytes"/>, at least three quarters as long; false when the text is none.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> bytes, out int length)
    {
        // .NET refuses lengths that cannot be and bits that stand for nothing, and lets padding and white space pass.
        length = 0;
        return !text.ContainsAnyExcept(Allowed) && Base64Url.DecodeFromUtf8(text, bytes, out _, out length) == OperationStatus.Done;
    }
}
