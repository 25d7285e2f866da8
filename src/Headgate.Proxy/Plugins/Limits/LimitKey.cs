using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.Limits;

/// <summary>
/// What requests have in common that are counted together. A request that has nothing of it is counted by the client's address, as in APISIX. Immutable, thread-safe.
/// </summary>
internal sealed partial class LimitKey
{
    /// <summary>Bytes of a key; of a longer one its SHA-256 stands for it, so that clients cannot fill the memory with long ones.</summary>
    public const int BytesMax = 256;

    private static readonly RequestVariable ClientAddress = RequestVariable.Parse("remote_addr");

    private readonly Part[] _parts;
    private readonly bool _isConstant;

    public LimitKey(LimitKeyType type, string key)
    {
        _isConstant = type == LimitKeyType.Constant;
        _parts = type switch
        {
            LimitKeyType.Variable => [new Part([], RequestVariable.Parse(key))],
            LimitKeyType.Constant => [new Part(Encoding.UTF8.GetBytes(key), null)],
            _ => [.. Split(key)],
        };
    }

    /// <summary>Names of variables that it has and no request can have here.</summary>
    public IEnumerable<string> Unsupported => _parts.Where(static part => part.Variable?.IsSupported == false).Select(static part => part.Variable!.Name);

    /// <summary>The key of a request, in <paramref name="buffer"/>, which has <see cref="BytesMax"/> bytes. Allocates nothing in the long run.</summary>
    public ReadOnlySpan<byte> Of(IRequestView request, Span<byte> buffer)
    {
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        int length = Write(request, scratch, buffer, out bool any);
        if (!any && !_isConstant)
            length = ClientAddress.TryGet(request, scratch, out ReadOnlySpan<byte> address) && address.TryCopyTo(buffer) ? address.Length : 0;
        return length <= buffer.Length ? buffer[..length] : Digest(request, scratch, length, buffer);
    }

    private ReadOnlySpan<byte> Digest(IRequestView request, scoped Span<byte> scratch, int length, Span<byte> buffer)
    {
        byte[] whole = ArrayPool<byte>.Shared.Rent(length);
        Write(request, scratch, whole, out _);
        int written = SHA256.HashData(whole.AsSpan(0, length), buffer);
        ArrayPool<byte>.Shared.Return(whole);
        return buffer[..written];
    }

    /// <summary>Bytes of the key, of which as many parts are written as find room.</summary>
    private int Write(IRequestView request, scoped Span<byte> scratch, scoped Span<byte> to, out bool any)
    {
        int length = 0;
        any = false;
        foreach (ref readonly Part part in _parts.AsSpan())
        {
            Append(part.Text, to, ref length);
            if (part.Variable is null || !part.Variable.TryGet(request, scratch, out ReadOnlySpan<byte> value))
                continue;
            Append(value, to, ref length);
            any = true;
        }

        return length;
    }

    private static void Append(ReadOnlySpan<byte> bytes, Span<byte> to, ref int length)
    {
        if (length + bytes.Length <= to.Length)
            bytes.CopyTo(to[length..]);
        length += bytes.Length;
    }

    private static IEnumerable<Part> Split(string text)
    {
        int from = 0;
        foreach (Match match in Variable().Matches(text))
        {
            string name = match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value;
            yield return new Part(Encoding.UTF8.GetBytes(text[from..match.Index]), RequestVariable.Parse(name));
            from = match.Index + match.Length;
        }

        yield return new Part(Encoding.UTF8.GetBytes(text[from..]), null);
    }

    [GeneratedRegex(@"\$(?:\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))")]
    private static partial Regex Variable();

    /// <summary>Text, and the variable behind it; null = none.</summary>
    private readonly record struct Part(byte[] Text, RequestVariable? Variable);
}
