namespace Headgate.Proxy.Http1;

/// <summary>Finds <see cref="HttpMethod"/>s; methods are case-sensitive (RFC 9110 §9.1).</summary>
internal static class HttpMethods
{
    internal static HttpMethod Find(ReadOnlySpan<byte> method) => method.Length switch
    {
        3 => Is(method, "GET"u8, HttpMethod.Get) | Is(method, "PUT"u8, HttpMethod.Put),
        4 => Is(method, "POST"u8, HttpMethod.Post) | Is(method, "HEAD"u8, HttpMethod.Head),
        5 => Is(method, "PATCH"u8, HttpMethod.Patch) | Is(method, "TRACE"u8, HttpMethod.Trace) | Is(method, "PURGE"u8, HttpMethod.Purge),
        6 => Is(method, "DELETE"u8, HttpMethod.Delete),
        7 => Is(method, "OPTIONS"u8, HttpMethod.Options) | Is(method, "CONNECT"u8, HttpMethod.Connect),
        _ => HttpMethod.Other,
    };

    /// <summary><see cref="HttpMethod.Other"/> is 0, and at most one name matches: so results can be or-ed.</summary>
    private static HttpMethod Is(ReadOnlySpan<byte> method, ReadOnlySpan<byte> name, HttpMethod kind) =>
        method.SequenceEqual(name) ? kind : HttpMethod.Other;
}
