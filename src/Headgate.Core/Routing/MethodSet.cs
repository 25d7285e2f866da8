namespace Headgate.Core.Routing;

/// <summary>A set of the ten methods a route can name, one bit each.</summary>
internal static class MethodSet
{
    /// <summary>The set with one method; 0 for a method that no route can name. Case-sensitive, as methods are (RFC 9110, 9.1).</summary>
    public static int Of(ReadOnlySpan<byte> method) => method.Length switch
    {
        3 => method.SequenceEqual("GET"u8) ? 1 << 0 : method.SequenceEqual("PUT"u8) ? 1 << 1 : 0,
        4 => method.SequenceEqual("POST"u8) ? 1 << 2 : method.SequenceEqual("HEAD"u8) ? 1 << 3 : 0,
        5 => method.SequenceEqual("PATCH"u8) ? 1 << 4
            : method.SequenceEqual("TRACE"u8) ? 1 << 5
            : method.SequenceEqual("PURGE"u8) ? 1 << 6
            : 0,
        6 => method.SequenceEqual("DELETE"u8) ? 1 << 7 : 0,
        7 => method.SequenceEqual("OPTIONS"u8) ? 1 << 8 : method.SequenceEqual("CONNECT"u8) ? 1 << 9 : 0,
        _ => 0,
    };
}
