using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.Csrf;

/// <summary>
/// Tokens as APISIX makes and takes them: Base64 of an object with a random number, the second it was made in, and their signature. Thread-safe; making and checking allocates nothing
/// in the long run.
/// </summary>
internal sealed class CsrfToken(string key)
{
    /// <summary>Bytes that a token has at most, ours or one that is looked at.</summary>
    public const int BytesMax = 512;

    private const int SignBytes = SHA256.HashSizeInBytes * 2;
    private const int NumberBytesMax = 32;

    private readonly byte[] _end = Encoding.UTF8.GetBytes($",key:{key}}}");

    /// <summary>Writes a token. <paramref name="random"/>: any number; only its lower part shows. The number of bytes.</summary>
    public int Write(ulong random, long second, Span<byte> to)
    {
        // A number from 0.1 on with 13 digits: Lua writes it back as it was read.
        const ulong Least = 1_000_000_000_000;
        Span<byte> number = stackalloc byte[NumberBytesMax];
        ulong digits = Least + (random % (9 * Least));
        digits += digits % 10 == 0 ? 1u : 0u;
        "0."u8.CopyTo(number);
        digits.TryFormat(number[2..], out int length, default, CultureInfo.InvariantCulture);
        number = number[..(length + 2)];
        Span<byte> expires = stackalloc byte[NumberBytesMax];
        second.TryFormat(expires, out length, default, CultureInfo.InvariantCulture);
        expires = expires[..length];
        Span<byte> sign = stackalloc byte[SignBytes];
        Sign(number, expires, sign);

        var json = new ByteBuilder(stackalloc byte[256]);
        json.Add("{\"random\":"u8);
        json.Add(number);
        json.Add(",\"expires\":"u8);
        json.Add(expires);
        json.Add(",\"sign\":\""u8);
        json.Add(sign);
        json.Add("\"}"u8);
        Base64.EncodeToUtf8(json.Bytes, to, out _, out int written);
        json.Dispose();
        return written;
    }

    /// <summary>Whether a token was signed with the key, in or after <paramref name="oldestSecond"/>.</summary>
    public bool IsGood(ReadOnlySpan<byte> token, long oldestSecond)
    {
        Span<byte> json = stackalloc byte[BytesMax];
        if (token.Length > BytesMax || Base64.DecodeFromUtf8(token, json, out _, out int length) != System.Buffers.OperationStatus.Done)
            return false;
        try
        {
            return IsGoodJson(json[..length], oldestSecond);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool IsGoodJson(ReadOnlySpan<byte> json, long oldestSecond)
    {
        ReadOnlySpan<byte> random = default, expires = default, sign = default;
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            (bool isRandom, bool isExpires, bool isSign) = (reader.ValueTextEquals("random"u8), reader.ValueTextEquals("expires"u8), reader.ValueTextEquals("sign"u8));
            reader.Read();
            if (isRandom && reader.TokenType == JsonTokenType.Number)
                random = reader.ValueSpan;
            else if (isExpires && reader.TokenType == JsonTokenType.Number)
                expires = reader.ValueSpan;
            else if (isSign && reader.TokenType == JsonTokenType.String)
                sign = reader.ValueSpan;
            else
                return false;
        }

        if (random.IsEmpty || !Utf8Parser.TryParse(expires, out long second, out int used) || used != expires.Length || second < oldestSecond)
            return false;
        Span<byte> expected = stackalloc byte[SignBytes];
        Sign(random, expires, expected);
        return CryptographicOperations.FixedTimeEquals(sign, expected);
    }

    /// <summary>Signs the numbers as they are written.</summary>
    private void Sign(ReadOnlySpan<byte> random, ReadOnlySpan<byte> expires, Span<byte> sign)
    {
        var text = new ByteBuilder(stackalloc byte[512]);
        text.Add("{expires:"u8);
        text.Add(expires);
        text.Add(",random:"u8);
        text.Add(random);
        text.Add(_end);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.Bytes, hash);
        text.Dispose();
        Convert.TryToHexStringLower(hash, sign, out _);
    }
}
