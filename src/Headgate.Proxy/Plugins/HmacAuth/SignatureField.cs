namespace Headgate.Proxy.Plugins.HmacAuth;

/// <summary>What stands behind <c>Signature</c> in Authorization (draft-cavage-http-signatures): <c>keyId="...",algorithm="...",headers="...",signature="..."</c>. Others than these mean nothing here.</summary>
internal ref struct SignatureField
{
    /// <summary>Whose signature it is; empty when it does not say, as all that follow.</summary>
    public ReadOnlySpan<byte> KeyId;

    /// <summary>How it is made.</summary>
    public ReadOnlySpan<byte> Algorithm;

    /// <summary>What it covers, in order, with spaces between.</summary>
    public ReadOnlySpan<byte> Headers;

    /// <summary>The signature in base64.</summary>
    public ReadOnlySpan<byte> Signature;

    /// <summary>Takes it apart; false when a member comes twice.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out SignatureField field)
    {
        field = default;
        foreach (Range range in text.Split((byte)','))
        {
            ReadOnlySpan<byte> member = text[range].Trim(" \t"u8);
            int equals = member.IndexOf("=\""u8);
            if (equals < 0 || member[^1] != '"' || member.Length < equals + "=\"\"".Length)
                continue;
            ReadOnlySpan<byte> value = member[(equals + 2)..^1];
            bool isNew = member[..equals] switch
            {
                [.. var name] when name.SequenceEqual("keyId"u8) => TrySet(ref field.KeyId, value),
                [.. var name] when name.SequenceEqual("algorithm"u8) => TrySet(ref field.Algorithm, value),
                [.. var name] when name.SequenceEqual("headers"u8) => TrySet(ref field.Headers, value),
                [.. var name] when name.SequenceEqual("signature"u8) => TrySet(ref field.Signature, value),
                _ => true,
            };
            if (!isNew)
                return false;
        }

        return true;
    }

    /// <summary>Whether the signature says that it covers a field of that name.</summary>
    public readonly bool Covers(ReadOnlySpan<byte> name)
    {
        foreach (Range range in Headers.Split((byte)' '))
        {
            if (System.Text.Ascii.EqualsIgnoreCase(Headers[range], name))
                return true;
        }

        return false;
    }

    private static bool TrySet(scoped ref ReadOnlySpan<byte> member, ReadOnlySpan<byte> value)
    {
        bool isNew = member.IsEmpty;
        member = value;
        return isNew;
    }
}
