using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Config;

namespace Headgate.Store.Protection;

/// <summary>
/// Encrypts secrets in an etcd as APISIX does it (<c>apisix.data_encryption</c>), so that both read what the other wrote: AES in CBC mode, 128 or 256 bits by the length of the key, the
/// key's first 16 bytes being the initialisation vector as well, in base64. It encrypts what APISIX encrypts: private keys in PEM of certificates and upstreams, and the fields that
/// plugins name; what is only Headgate's own too. Objects of <c>secrets</c> and plugin metadata APISIX would not decrypt. A text that does not look encrypted is taken as it is, as APISIX does: it was written before
/// there was a key. Immutable, thread-safe.
/// </summary>
public sealed class ApisixKeyring : IFieldProtector
{
    private const string PemBegin = "---";
    private const int BlockBytes = 16;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ImmutableArray<byte[]> _keys;
    private readonly bool _seals;

    /// <summary>Makes a keyring.</summary>
    /// <param name="keys">Keys of 16 or 32 bytes of UTF-8; the first encrypts, all decrypt. None = nothing is encrypted.</param>
    /// <param name="seals">Whether what is written is encrypted.</param>
    /// <exception cref="ArgumentException">A key has another length.</exception>
    public ApisixKeyring(IEnumerable<string> keys, bool seals)
    {
        _keys = [.. keys.Select(Encoding.UTF8.GetBytes)];
        _seals = seals && _keys.Length > 0;
        if (_keys.Any(static key => key.Length is not (16 or 32)))
            throw new ArgumentException("A key of APISIX's keyring has 16 or 32 bytes.", nameof(keys));
    }

    /// <inheritdoc/>
    public int Overhead => ((BlockBytes + 2) * 4 / 3) + 4;

    /// <inheritdoc/>
    public string Seal(string place, string text)
    {
        if (!_seals || !IsSealed(place, text))
            return text;
        using Aes aes = Cipher(_keys[0]);
        return Convert.ToBase64String(aes.EncryptCbc(Encoding.UTF8.GetBytes(text), _keys[0].AsSpan(0, BlockBytes)));
    }

    /// <inheritdoc/>
    public bool TryReveal(string place, string form, out string text, [NotNullWhen(false)] out string? problem)
    {
        (text, problem) = (form, null);
        if (_keys.Length == 0 || form.StartsWith(PemBegin, StringComparison.Ordinal))
            return true;
        byte[] box = new byte[form.Length];
        if (!Convert.TryFromBase64String(form, box, out int length) || length == 0 || length % BlockBytes != 0)
            return true;
        foreach (byte[] key in _keys)
        {
            if (Open(key, box.AsSpan(0, length)) is { } plain)
            {
                text = plain;
                return true;
            }
        }

        problem = "no key of apisix.data_encryption.keyring decrypts it";
        return false;
    }

    private static string? Open(byte[] key, ReadOnlySpan<byte> box)
    {
        try
        {
            using Aes aes = Cipher(key);
            return Strict.GetString(aes.DecryptCbc(box, key.AsSpan(0, BlockBytes)));
        }
        catch (Exception e) when (e is CryptographicException or DecoderFallbackException)
        {
            return null; // another key's
        }
    }

    private static Aes Cipher(byte[] key)
    {
        var aes = Aes.Create();
        aes.Key = key;
        return aes;
    }

    /// <summary>Whether APISIX would encrypt the text of this place (<c>KEY#PATH</c>), or never sees it.</summary>
    private static bool IsSealed(string place, string text)
    {
        int end = place.IndexOf('#', StringComparison.Ordinal);
        if (end < 0 || !ResourceKinds.TryParseKey(place[..end], out ResourceKind kind, out _))
            return false;
        return kind switch
        {
            ResourceKind.Secret or ResourceKind.PluginMetadata => false,
            ResourceKind.ServiceRegistry => true,
            _ => place.AsSpan(end + 1).StartsWith("plugins.", StringComparison.Ordinal) || text.StartsWith(PemBegin, StringComparison.Ordinal),
        };
    }
}
