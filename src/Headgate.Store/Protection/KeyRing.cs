using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Headgate.Store.Protection;

/// <summary>
/// Seals with AES-256-GCM under the first of its keys, and reveals under any of them. The sealed form is <c>$enc1:KEYID:BASE64(nonce, ciphertext, tag)</c>; the place is
/// authenticated with it, so that a form that is copied to another place is no good there. The nonce is made from place and text by HMAC-SHA-256 (a synthetic nonce, as
/// in RFC 5297): equal texts at one place have equal forms, and no counter or chance has to be trusted for nonces not to repeat. Immutable, thread-safe.
/// </summary>
public sealed class KeyRing : IFieldProtector
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyBytes = 32;

    /// <summary>Begins every sealed form.</summary>
    public const string Mark = "$enc1:";

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int IdCharacters = 8;

    private readonly ImmutableArray<RingKey> _keys;

    /// <summary>Makes a ring.</summary>
    /// <param name="keys">The keys, <see cref="KeyBytes"/> random bytes each, at least one; the first seals.</param>
    /// <exception cref="ArgumentException">There is none, or one of another length.</exception>
    public KeyRing(IReadOnlyList<byte[]> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0 || keys.Any(key => key.Length != KeyBytes))
            throw new ArgumentException($"A key ring needs at least one key, and {KeyBytes} bytes in each.", nameof(keys));
        _keys = [.. keys.Select(key => new RingKey(key))];
    }

    /// <inheritdoc/>
    public int Overhead => Mark.Length + IdCharacters + 1 + (((NonceBytes + TagBytes + 2) * 4) / 3) + 4;

    /// <inheritdoc/>
    public string Seal(string place, string text)
    {
        RingKey key = _keys[0];
        byte[] associated = Encoding.UTF8.GetBytes(place);
        byte[] plain = Encoding.UTF8.GetBytes(text);
        byte[] box = new byte[NonceBytes + plain.Length + TagBytes];
        Span<byte> nonce = box.AsSpan(0, NonceBytes);
        key.MakeNonce(associated, plain, nonce);
        using (var cipher = new AesGcm(key.Cipher, TagBytes))
            cipher.Encrypt(nonce, plain, box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), associated);
        CryptographicOperations.ZeroMemory(plain);
        return $"{Mark}{key.Id}:{Convert.ToBase64String(box)}";
    }

    /// <inheritdoc/>
    public bool TryReveal(string place, string form, out string text, [NotNullWhen(false)] out string? problem)
    {
        (text, problem) = (form, null);
        if (!form.StartsWith(Mark, StringComparison.Ordinal))
            return true;
        int colon = form.IndexOf(':', Mark.Length);
        string id = colon < 0 ? "" : form[Mark.Length..colon];
        if (_keys.FirstOrDefault(candidate => candidate.Id == id) is not { } key)
            problem = $"it was encrypted under the key {(id.Length == IdCharacters ? id : "?")}, which the key ring does not have";
        else if (Open(key, place, form[(colon + 1)..]) is { } plain)
            text = plain;
        else
            problem = "it was changed, or copied from another place";
        return problem is null;
    }

    private static string? Open(RingKey key, string place, string base64)
    {
        byte[] box = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, box, out int length) || length < NonceBytes + TagBytes)
            return null;
        byte[] plain = new byte[length - NonceBytes - TagBytes];
        try
        {
            using var cipher = new AesGcm(key.Cipher, TagBytes);
            cipher.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes, plain.Length), box.AsSpan(length - TagBytes, TagBytes), plain, Encoding.UTF8.GetBytes(place));
            return Encoding.UTF8.GetString(plain);
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>One key, and what is derived from it: one key a purpose (RFC 5869).</summary>
    private sealed class RingKey(byte[] key)
    {
        private readonly byte[] _nonces = Derive(key, "headgate field nonces", KeyBytes);

        /// <summary>Names the key and tells nothing about it.</summary>
        public string Id { get; } = Convert.ToHexStringLower(Derive(key, "headgate key id", IdCharacters / 2));

        public byte[] Cipher { get; } = Derive(key, "headgate field cipher", KeyBytes);

        public void MakeNonce(ReadOnlySpan<byte> place, ReadOnlySpan<byte> text, Span<byte> nonce)
        {
            using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _nonces);
            Span<byte> length = stackalloc byte[sizeof(int)];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(length, place.Length);
            hash.AppendData(length);
            hash.AppendData(place);
            hash.AppendData(text);
            Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
            hash.GetHashAndReset(whole);
            whole[..nonce.Length].CopyTo(nonce);
        }

        private static byte[] Derive(byte[] key, string purpose, int bytes) =>
            HKDF.DeriveKey(HashAlgorithmName.SHA256, key, bytes, info: Encoding.ASCII.GetBytes(purpose));
    }
}
