using System.Buffers;
using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Plugins.Texts;

/// <summary>Bytes that stand as they are in what plugins write; all others are percent-encoded, so that no value of a request can end its line or begin another part.</summary>
internal static class TextSets
{
    /// <summary>In the path of a target, from decoded text: what nginx's <c>ngx_escape_uri</c> keeps. A percent sign is encoded too.</summary>
    public static readonly SearchValues<byte> Path = SearchValues.Create(Where(static b => b is > 0x20 and < 0x7F && !"\"#%<>?\\^`{|}".Contains((char)b)));

    /// <summary>In a whole location: visible ASCII.</summary>
    public static readonly SearchValues<byte> Location = SearchValues.Create(Where(static b => b is > 0x20 and < 0x7F));

    /// <summary>In the value of a header field: everything but control characters.</summary>
    public static readonly SearchValues<byte> Field = SearchValues.Create(Where(static b => (b >= 0x20 || b == '\t') && b != 0x7F));

    /// <summary>In a body: everything.</summary>
    public static readonly SearchValues<byte> Any = SearchValues.Create(Where(static _ => true));

    /// <summary>In a target that is encoded already: what can stand in a request line.</summary>
    public static SearchValues<byte> Target => ByteSets.Target;

    private static byte[] Where(Func<byte, bool> holds) => [.. Enumerable.Range(0, 256).Select(static i => (byte)i).Where(holds)];
}
