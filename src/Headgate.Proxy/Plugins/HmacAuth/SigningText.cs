using System.Security.Cryptography;
using System.Text;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.HmacAuth;

/// <summary>
/// What a signature is of: the key's id, and what the signature says it covers, a line each. <c>@request-target</c> is the method and the target as sent; a field that the request does not
/// have is no line, as in APISIX.
/// </summary>
internal static class SigningText
{
    private const int NameMax = 128;

    /// <summary>Signs; false when a covered field comes twice: the signature would be of the first, and the node might take the other.</summary>
    public static bool TrySign(PluginContext context, in SignatureField field, HashAlgorithmName hash, ReadOnlySpan<byte> secret, Span<byte> signature, out int length)
    {
        var text = new ByteBuilder(stackalloc byte[512]);
        text.Add(field.KeyId);
        text.Add((byte)'\n');
        bool isWritten = true;
        foreach (Range range in field.Headers.Split((byte)' '))
            isWritten = isWritten && TryAdd(context, field.Headers[range], ref text);
        length = CryptographicOperations.HmacData(hash, secret, text.Bytes, signature);
        text.Dispose();
        return isWritten;
    }

    private static bool TryAdd(PluginContext context, ReadOnlySpan<byte> name, ref ByteBuilder text)
    {
        if (name.SequenceEqual("@request-target"u8))
        {
            text.Add(context.Request.Method);
            text.Add((byte)' ');
            text.Add(context.Request.RequestUri);
            text.Add((byte)'\n');
            return true;
        }

        Span<byte> lower = stackalloc byte[NameMax];
        if (Ascii.ToLower(name, lower, out int length) != System.Buffers.OperationStatus.Done)
            return false;
        int place = 0;
        if (name.IsEmpty || !context.Forwarded.TryGetNext(lower[..length], ref place, out ReadOnlySpan<byte> value))
            return true;
        text.Add(name);
        text.Add(": "u8);
        text.Add(value);
        text.Add((byte)'\n');
        return !context.Forwarded.TryGetNext(lower[..length], ref place, out _);
    }
}
