using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Primitives;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// What of a request is hashed: a variable, or text with <c>$variable</c> or <c>${variable}</c> in it. A variable the request lacks counts as empty; when it
/// has none of them at all, the client's address is hashed instead. Immutable; allocates nothing per request.
/// </summary>
internal sealed class HashKey
{
    private static readonly RequestVariable ClientAddress = RequestVariable.Parse("remote_addr");

    private readonly (byte[] Text, RequestVariable? Variable)[] _parts;

    private HashKey(params (byte[] Text, RequestVariable? Variable)[] parts) => _parts = parts;

    /// <summary>The key that an upstream's <c>hash_on</c> and <c>key</c> ask for.</summary>
    public static HashKey Of(UpstreamConfig upstream) => (upstream.HashOn, upstream.Key) switch
    {
        ("vars", { } name) => new(([], RequestVariable.Parse(name))),
        ("header", { } name) => new(([], RequestVariable.Parse($"http_{name}"))),
        ("cookie", { } name) => new(([], RequestVariable.Parse($"cookie_{name}"))),
        ("vars_combinations", { } text) => new(Split(text)),
        _ => new(([], ClientAddress)), // consumer: until there are consumers no request has one
    };

    /// <summary>CRC-32 of the key of a request.</summary>
    public uint Hash(IRequestView request)
    {
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        uint running = Crc32.Begin;
        bool any = false;
        foreach ((byte[] text, RequestVariable? variable) in _parts)
        {
            running = Crc32.Update(running, text);
            if (variable is null || !variable.TryGet(request, scratch, out ReadOnlySpan<byte> value) || value.IsEmpty)
                continue;
            running = Crc32.Update(running, value);
            any = true;
        }

        if (!any)
        {
            ClientAddress.TryGet(request, scratch, out ReadOnlySpan<byte> address);
            running = Crc32.Update(Crc32.Begin, address);
        }

        return Crc32.End(running);
    }

    /// <summary>The key of a request itself, for people: what <see cref="Hash"/> takes the checksum of.</summary>
    public string Text(IRequestView request)
    {
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        var key = new List<byte>();
        bool any = false;
        foreach ((byte[] text, RequestVariable? variable) in _parts)
        {
            key.AddRange(text);
            if (variable is null || !variable.TryGet(request, scratch, out ReadOnlySpan<byte> value) || value.IsEmpty)
                continue;
            key.AddRange(value);
            any = true;
        }

        if (!any)
        {
            key.Clear();
            ClientAddress.TryGet(request, scratch, out ReadOnlySpan<byte> address);
            key.AddRange(address);
        }

        return Encoding.UTF8.GetString([.. key]);
    }

    /// <summary>Splits <c>a$b-${c}d</c> into (a, b) (-, c) (d, none).</summary>
    private static (byte[] Text, RequestVariable? Variable)[] Split(string text)
    {
        var parts = new List<(byte[], RequestVariable?)>();
        int from = 0;
        for (int at = text.IndexOf('$'); at >= 0; at = text.IndexOf('$', Math.Max(from, at + 1)))
        {
            bool braced = at + 1 < text.Length && text[at + 1] == '{';
            int start = at + (braced ? 2 : 1), end = start;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
                end++;
            if (end == start || (braced && (end == text.Length || text[end] != '}')))
                continue; // a dollar that begins no variable is text
            parts.Add((Encoding.UTF8.GetBytes(text[from..at]), RequestVariable.Parse(text[start..end])));
            from = end + (braced ? 1 : 0);
            if (from >= text.Length)
                break;
        }

        parts.Add((Encoding.UTF8.GetBytes(text[Math.Min(from, text.Length)..]), null));
        return [.. parts];
    }
}
