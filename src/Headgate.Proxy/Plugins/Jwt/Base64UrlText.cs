using System.Buffers;
using System.Buffers.Text;

namespace Headgate.Proxy.Plugins.Jwt;

/// <summary>
/// Base64url as tokens have it (RFC 7515 §2), strictly: no padding, nothing beside the alphabet, and no bits set that stand for nothing, so that no two texts stand for the same bytes.
/// </summary>
internal static class Base64UrlText
{
    private static readonly SearchValues<byte> Allowed = SearchValues.Create(Alphabet);

    private static ReadOnlySpan<byte> Alphabet => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8;

    /// <summary>Decodes into <paramref name="bytes"/>, at least three quarters as long; false when the text is none.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> bytes, out int length)
    {
        length = 0;
        int unused = (text.Length % 4) switch
        {
            0 => 0,
            2 => 0b1111,
            3 => 0b11,
            _ => -1,
        };
        if (unused < 0 || text.ContainsAnyExcept(Allowed))
            return false;
        if (unused > 0 && (Alphabet.IndexOf(text[^1]) & unused) != 0)
            return false;
        return Base64Url.DecodeFromUtf8(text, bytes, out _, out length) == OperationStatus.Done;
    }
}
