using System.Buffers;
using System.Buffers.Text;

namespace Headgate.Proxy.Plugins.Authentication;

/// <summary>Base64 (RFC 4648 §4) as nginx reads it: the padding may be absent, and nothing but the alphabet stands in it. Allocates nothing.</summary>
internal static class Base64Text
{
    private static readonly SearchValues<byte> WithPadding = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    /// <summary>Bytes that suffice for what a text of that length stands for.</summary>
    public static int DecodedMax(int length) => (length / 4 * 3) + 3;

    /// <summary>Decodes into <paramref name="bytes"/>, at least <see cref="DecodedMax"/> long; false when the text is no base64.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> bytes, out int length)
    {
        length = 0;
        int whole = text.Length & ~3;
        if (text.ContainsAnyExcept(WithPadding) || Base64.DecodeFromUtf8(text[..whole], bytes, out _, out length) != OperationStatus.Done)
            return false;
        if (whole == text.Length)
            return true;

        // The padding that is absent stands for itself; padding in what came before has ended the text.
        Span<byte> last = [(byte)'=', (byte)'=', (byte)'=', (byte)'='];
        text[whole..].CopyTo(last);
        bool goesOn = whole == 0 || text[whole - 1] != '=';
        int rest = 0;
        bool isRead = goesOn && Base64.DecodeFromUtf8(last, bytes[length..], out _, out rest) == OperationStatus.Done;
        length += rest;
        return isRead;
    }
}
