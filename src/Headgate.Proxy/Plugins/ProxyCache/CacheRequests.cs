using System.Buffers.Binary;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>What a configuration means for requests. Immutable, thread-safe.</summary>
internal sealed class CacheRequests(ProxyCacheConfig config)
{
    private readonly CacheText _key = new(config.Key);
    private readonly CacheText _bypass = new(config.Bypass);
    private readonly bool _takesGet = config.Methods.Items.Contains("GET");
    private readonly bool _takesHead = config.Methods.Items.Contains("HEAD");
    private readonly bool _takesPost = config.Methods.Items.Contains("POST");

    /// <summary>What the client asks of the cache, where that counts.</summary>
    public CacheControl Asked(PluginContext context)
    {
        CacheControl asked = CacheControl.None;
        int place = 0;
        while (config.HonorsCacheControl && context.Forwarded.TryGetNext("cache-control"u8, ref place, out ReadOnlySpan<byte> value))
            asked.Read(value);
        return asked;
    }

    /// <summary>Whether a request of that method may change what is kept.</summary>
    public bool IsUnsafe(HttpMethod method) =>
        method is not (HttpMethod.Get or HttpMethod.Head or HttpMethod.Options or HttpMethod.Trace) && !(method == HttpMethod.Post && _takesPost);

    /// <summary>Why the cache has nothing to do with the request; <see cref="CacheStatus.None"/>: it has.</summary>
    public CacheStatus Passing(PluginContext context, in CacheControl asked)
    {
        RequestHead request = context.Exchange.Request;
        bool takes = request.MethodKind switch
        {
            HttpMethod.Get => _takesGet,
            HttpMethod.Head => _takesHead,
            HttpMethod.Post => _takesPost,
            _ => false,
        };
        if (!takes)
            return CacheStatus.Miss;
        bool passes = _bypass.Holds(context.Request) || asked.NoStore || asked.NoCache || request.IsWebSocketUpgrade || HasUnusualBody(request) || AsksForPart(context.Forwarded);
        return passes ? CacheStatus.Bypass : CacheStatus.None;
    }

    /// <summary>Adds what requests have in common that may get the same answer.</summary>
    public void WriteKey(PluginContext context, bool isPost, ref ByteBuilder to)
    {
        ReadOnlySpan<byte> consumer = config.IsolatesConsumers ? context.Request.ConsumerName : default;
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, consumer.Length);
        to.Add((byte)(isPost ? 'P' : 'G'));
        to.Add(length);
        to.Add(consumer);
        _key.WriteKey(context.Request, ref to);
    }

    /// <summary>
    /// The node is asked for an answer that can be kept: a whole one, whatever the client has already; or whether what is kept still holds (RFC 9111 §4.3.1).
    /// </summary>
    public static void AskNode(PluginContext context, CacheVisit visit)
    {
        RequestEdits node = context.Forwarded;
        visit.ClientTags = VaryField.Of(node, "if-none-match"u8).Value;
        visit.ClientSince = VaryField.Of(node, "if-modified-since"u8).Value;
        node.Remove("if-none-match"u8);
        node.Remove("if-modified-since"u8);
        if (visit.Before is not { } before)
            return;
        if (before.Head.TryGet("etag"u8, out ReadOnlySpan<byte> tag))
            node.Set("If-None-Match"u8, tag);
        if (before.Head.TryGet("last-modified"u8, out ReadOnlySpan<byte> modified))
            node.Set("If-Modified-Since"u8, modified);
        visit.Revalidates = !tag.IsEmpty || !modified.IsEmpty;
    }

    /// <summary>What <c>Apisix-Cache-Status</c> says.</summary>
    public static ReadOnlySpan<byte> Text(CacheStatus status) => status switch
    {
        CacheStatus.Hit => "HIT"u8,
        CacheStatus.Expired => "EXPIRED"u8,
        CacheStatus.Stale => "STALE"u8,
        CacheStatus.Bypass => "BYPASS"u8,
        CacheStatus.Revalidated => "REVALIDATED"u8,
        _ => "MISS"u8,
    };

    /// <summary>A GET whose answer depends on its body (RFC 9110 §9.3.1 gives it no meaning, but there are nodes that do).</summary>
    private static bool HasUnusualBody(RequestHead request) =>
        request.MethodKind != HttpMethod.Post && request.Framing != BodyFraming.None && request.ContentLength != 0;

    private static bool AsksForPart(RequestEdits request) =>
        request.TryGet("range"u8, out _) || request.TryGet("if-match"u8, out _) || request.TryGet("if-unmodified-since"u8, out _) || request.TryGet("if-range"u8, out _);
}
