using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Primitives;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// What of a request is hashed: a variable, or text with <c>$variable</c> or <c>${variable}</c> in it. A variable the request lacks counts as empty; when it
/// has none of them at all, <c>hash_fallback</c> is hashed in its place, and when it has nothing of that either, the client's address: so a fallback moves no
/// request that has the key. Immutable; allocates nothing per request.
/// </summary>
internal sealed class HashKey
{
    private static readonly RequestVariable ClientAddress = RequestVariable.Parse("remote_addr");

    private readonly Part[] _key;
    private readonly Part[] _fallback;

    private HashKey(Part[] key, Part[] fallback) => (_key, _fallback) = (key, fallback);

    /// <summary>The key that an upstream's <c>hash_on</c> and <c>key</c>, <c>hash_fallback</c> and <c>hash_fallback_key</c> ask for.</summary>
    public static HashKey Of(UpstreamConfig upstream) =>
        new(Parts(upstream.HashOn, upstream.Key), upstream.HashFallback is { } source ? Parts(source, upstream.HashFallbackKey) : []);

    /// <summary>CRC-32 of the key of a request.</summary>
    public uint Hash(IRequestView request)
    {
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        if (TryHash(_key, request, scratch, out uint hash) || TryHash(_fallback, request, scratch, out hash))
            return hash;
        ClientAddress.TryGet(request, scratch, out ReadOnlySpan<byte> address);
        return Crc32.End(Crc32.Update(Crc32.Begin, address));
    }

    private static bool TryHash(Part[] parts, IRequestView request, Span<byte> scratch, out uint hash)
    {
        uint running = Crc32.Begin;
        bool any = false;
        foreach (Part part in parts)
        {
            running = Crc32.Update(running, part.Text);
            if (part.Variable is null || !part.Variable.TryGet(request, scratch, out ReadOnlySpan<byte> value) || value.IsEmpty)
                continue;
            running = Crc32.Update(running, value);
            any = true;
        }

        hash = Crc32.End(running);
        return any;
    }

    /// <summary>The key of a request itself, for people: what <see cref="Hash"/> takes the checksum of.</summary>
    public string Text(IRequestView request)
    {
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        if ((TextOf(_key, request, scratch) ?? TextOf(_fallback, request, scratch)) is { } text)
            return text;
        ClientAddress.TryGet(request, scratch, out ReadOnlySpan<byte> address);
        return Encoding.UTF8.GetString(address);
    }

    private static string? TextOf(Part[] parts, IRequestView request, Span<byte> scratch)
    {
        var key = new List<byte>();
        bool any = false;
        foreach (Part part in parts)
        {
            key.AddRange(part.Text);
            if (part.Variable is null || !part.Variable.TryGet(request, scratch, out ReadOnlySpan<byte> value) || value.IsEmpty)
                continue;
            key.AddRange(value);
            any = true;
        }

        return any ? Encoding.UTF8.GetString([.. key]) : null;
    }

    private static Part[] Parts(string source, string? key) => (source, key) switch
    {
        ("vars", { } name) => [new([], RequestVariable.Parse(name))],
        ("header", { } name) => [new([], RequestVariable.Parse($"http_{name}"))],
        ("cookie", { } name) => [new([], RequestVariable.Parse($"cookie_{name}"))],
        ("vars_combinations", { } text) => Split(text),
        ("consumer", _) => [new([], RequestVariable.Parse("consumer_name"))],
        _ => [],
    };

    /// <summary>Splits <c>a$b-${c}d</c> into (a, b) (-, c) (d, none).</summary>
    private static Part[] Split(string text)
    {
        var parts = new List<Part>();
        int from = 0;
        for (int at = text.IndexOf('$'); at >= 0; at = text.IndexOf('$', Math.Max(from, at + 1)))
        {
            bool braced = at + 1 < text.Length && text[at + 1] == '{';
            int start = at + (braced ? 2 : 1), end = start;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
                end++;
            if (end == start || (braced && (end == text.Length || text[end] != '}')))
                continue; // a dollar that begins no variable is text
            parts.Add(new(Encoding.UTF8.GetBytes(text[from..at]), RequestVariable.Parse(text[start..end])));
            from = end + (braced ? 1 : 0);
            if (from >= text.Length)
                break;
        }

        parts.Add(new(Encoding.UTF8.GetBytes(text[Math.Min(from, text.Length)..]), null));
        return [.. parts];
    }

    /// <summary>Text, and the variable behind it; null = none.</summary>
    private readonly record struct Part(byte[] Text, RequestVariable? Variable);
}
