using System.Buffers;

namespace Headgate.Proxy.Telemetry.Logs;

/// <summary>Bytes that cannot stand in a log as they are.</summary>
internal static class LogBytes
{
    /// <summary>In a line of text, as nginx: quotes, backslashes, control characters and what is not ASCII.</summary>
    public static readonly SearchValues<byte> DefaultEscaped = SearchValues.Create(Where(static b => b < 0x20 || b > 0x7E || b is '"' or '\\'));

    /// <summary>
    /// In a text of JSON: quotes, backslashes, control characters, and what is not ASCII: a client may send bytes that are no UTF-8, and a log that cannot be read is worth nothing. Each is
    /// written as the character of Latin-1 that it is.
    /// </summary>
    public static SearchValues<byte> JsonEscaped => DefaultEscaped;

    /// <summary>What ends a line.</summary>
    public static readonly SearchValues<byte> LineEnds = SearchValues.Create("\n\r"u8);

    /// <summary>In a text of JSON that is UTF-8: quotes, backslashes and control characters.</summary>
    public static readonly SearchValues<byte> JsonTextEscaped = SearchValues.Create(Where(static b => b < 0x20 || b is 0x7F or '"' or '\\'));

    private static byte[] Where(Func<int, bool> holds) => [.. Enumerable.Range(0, 256).Where(holds).Select(static b => (byte)b)];
}
