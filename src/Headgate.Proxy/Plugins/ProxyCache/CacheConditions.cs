using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>Whether a client has already what is kept (RFC 9110 §13.1). Allocates nothing.</summary>
internal static class CacheConditions
{
    /// <summary>By the request's own fields.</summary>
    public static bool IsMet(CachedAnswer answer, RequestEdits request)
    {
        int place = 0;
        bool any = false;
        for (; request.TryGetNext("if-none-match"u8, ref place, out ReadOnlySpan<byte> tags); any = true)
        {
            if (IsMet(answer.Head, tags, default))
                return true;
        }

        return !any && request.TryGet("if-modified-since"u8, out ReadOnlySpan<byte> since) && IsMet(answer.Head, default, since);
    }

    /// <summary>By the values of <c>If-None-Match</c>, which counts alone when it is there, and <c>If-Modified-Since</c>.</summary>
    public static bool IsMet(ResponseHead kept, ReadOnlySpan<byte> tags, ReadOnlySpan<byte> since)
    {
        if (kept.Status != 200)
            return false;
        if (!tags.IsEmpty)
            return HasTag(kept, tags);
        return !since.IsEmpty && CacheDates.TryParse(since, out DateTimeOffset asked) && CacheDates.TryGet(kept, "last-modified"u8, out DateTimeOffset modified) && modified <= asked;
    }

    /// <summary>By the weak comparison.</summary>
    private static bool HasTag(ResponseHead kept, ReadOnlySpan<byte> tags)
    {
        if (tags.Trim((byte)' ').SequenceEqual("*"u8))
            return true;
        if (!kept.TryGet("etag"u8, out ReadOnlySpan<byte> tag))
            return false;
        tag = Opaque(tag);
        while (!tags.IsEmpty)
        {
            // A tag may have commas; it ends at its second quotation mark.
            int begin = tags.IndexOf((byte)'"');
            int length = begin < 0 ? -1 : tags[(begin + 1)..].IndexOf((byte)'"');
            if (length < 0)
                return false;
            if (tags.Slice(begin, length + 2).SequenceEqual(tag))
                return true;
            tags = tags[(begin + length + 2)..];
        }

        return false;
    }

    private static ReadOnlySpan<byte> Opaque(ReadOnlySpan<byte> tag) => tag.StartsWith("W/"u8) ? tag[2..] : tag;
}
