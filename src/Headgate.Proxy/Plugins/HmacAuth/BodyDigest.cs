using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace Headgate.Proxy.Plugins.HmacAuth;

/// <summary>What the field Digest says of a request's body: <c>SHA-256=</c> and the hash in base64, as APISIX compares it.</summary>
internal static class BodyDigest
{
    private const int TextBytes = 44;

    private static ReadOnlySpan<byte> Algorithm => "SHA-256="u8;

    /// <summary>Whether the body, which was read whole, is the one that the field is of. Allocates nothing.</summary>
    public static bool Fits(PluginContext context)
    {
        if (!context.Forwarded.TryGet("digest"u8, out ReadOnlySpan<byte> given) || !given.StartsWith(Algorithm))
            return false;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(context.RequestBody.Bytes, hash);
        Span<byte> text = stackalloc byte[TextBytes];
        Base64.EncodeToUtf8(hash, text, out _, out int length);
        return CryptographicOperations.FixedTimeEquals(text[..length], given[Algorithm.Length..]);
    }

    /// <summary>What the client of a longer body is told, in APISIX's words. <paramref name="announced"/>: −1 = it did not say, and nobody has read on to find out.</summary>
    public static byte[] TooLarge(long announced, int bytesMax) => JsonBodies.Message(string.Create(
        CultureInfo.InvariantCulture, $"request size {(announced < 0 ? "" : announced + " ")}is greater than the maximum size {bytesMax} allowed"));
}
