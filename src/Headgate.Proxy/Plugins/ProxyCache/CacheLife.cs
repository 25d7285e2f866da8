using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>How old an answer is and until when it may be given (RFC 9111 §4.2).</summary>
/// <param name="Since">When it came, <see cref="TimeProvider.GetTimestamp"/>.</param>
/// <param name="InitialAge">How old it was then.</param>
/// <param name="Left">How long from then on it is fresh.</param>
/// <param name="MustRevalidate">It is never given when it is not.</param>
internal sealed record CacheLife(long Since, TimeSpan InitialAge, TimeSpan Left, bool MustRevalidate)
{
    /// <summary>
    /// The life of an answer that has come now. <paramref name="ttl"/>: how long it is fresh whatever it says; null = as long as it says itself, without which it is not.
    /// </summary>
    public static CacheLife Of(ResponseHead head, in CacheControl said, TimeSpan? ttl, TimeProvider time)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset sent = CacheDates.TryGet(head, "date"u8, out DateTimeOffset date) ? date : now;
        var apparent = TimeSpan.FromTicks(Math.Max(0, (now - sent).Ticks));
        TimeSpan age = head.TryGet("age"u8, out ReadOnlySpan<byte> value) && System.Buffers.Text.Utf8Parser.TryParse(value, out uint seconds, out int read) && read == value.Length
            ? TimeSpan.FromSeconds(seconds)
            : default;
        if (apparent > age)
            age = apparent;
        return new CacheLife(time.GetTimestamp(), age, ttl ?? (Lifetime(head, said, sent) - age), said.MustRevalidate || said.SharedMaxAge >= 0);
    }

    /// <summary>Its age.</summary>
    public TimeSpan Age(long now, TimeProvider time) => InitialAge + time.GetElapsedTime(Since, now);

    /// <summary>How long it is still fresh; negative when it is not any more.</summary>
    public TimeSpan LeftAt(long now, TimeProvider time) => Left - time.GetElapsedTime(Since, now);

    private static TimeSpan Lifetime(ResponseHead head, in CacheControl said, DateTimeOffset sent)
    {
        if (said.SharedMaxAge >= 0)
            return TimeSpan.FromSeconds(said.SharedMaxAge);
        if (said.MaxAge >= 0)
            return TimeSpan.FromSeconds(said.MaxAge);
        return CacheDates.TryGet(head, "expires"u8, out DateTimeOffset expires) ? expires - sent : default;
    }
}
