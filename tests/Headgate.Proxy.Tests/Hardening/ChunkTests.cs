namespace Headgate.Proxy.Tests.Hardening;

/// <summary>
/// Chunked bodies whose end two readers could see at different places. Sources: RFC 9112 §7.1; J. B. Weikop, "Funky Chunks" (2025), with its names: TERM.EXT, EXT.TERM (a
/// line of a chunk ends elsewhere for the other reader), SPILL (bytes behind a chunk's data that are no line end).
/// </summary>
public sealed class ChunkTests
{
    private const string Head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string First = "2\r\nok\r\n";
    private const string End = "0\r\n\r\n";

    /// <summary>Attack, source, what stands behind a good first chunk.</summary>
    public static TheoryData<string, string, string> Broken => new()
    {
        { "size empty", "RFC 9112 §7.1", "\r\n" },
        { "size no number", "RFC 9112 §7.1", "zz\r\n" },
        { "size with prefix 0x", "CVE-2022-24761 (waitress)", "0x1\r\nx\r\n" },
        { "size with plus", "CVE-2022-24761 (waitress)", "+1\r\nx\r\n" },
        { "size with minus", "RFC 9112 §7.1", "-1\r\n" },
        { "size with underscore", "int() of Python", "1_0\r\n0123456789abcdef\r\n" },
        { "space before the size", "RFC 9112 §7.1", " 1\r\nx\r\n" },
        { "HTAB before the size", "RFC 9112 §7.1", "\t1\r\nx\r\n" },
        { "space behind the size", "RFC 9112 §7.1", "1 \r\nx\r\n" },
        { "HTAB behind the size", "RFC 9112 §7.1", "1\t\r\nx\r\n" },
        { "size in two words", "RFC 9112 §7.1", "1 1\r\nx\r\n" },
        { "size with a comma", "RFC 9112 §7.1", "1,1\r\nx\r\n" },
        { "size 2^63", "CVE-2020-10719 (Undertow)", "8000000000000000\r\n" },
        { "size 2^64 − 1, read as −1", "CVE-2013-2028 (nginx)", "ffffffffffffffff\r\n" },
        { "size of 17 digits, read as 0 or 1", "integer overflow", "10000000000000001\r\n" },
        { "size of 17 digits, all 0 but the last", "integer overflow", "00000000000000001\r\nx\r\n" },
        { "last chunk of 17 zeros", "integer overflow", "00000000000000000\r\n\r\n" },
        { "last chunk −0", "RFC 9112 §7.1", "-0\r\n\r\n" },
        { "NUL in the size", "RFC 9112 §7.1", "1\0\r\nx\r\n" },

        { "size ends with a bare LF", "RFC 9112 §7.1; TERM.EXT's kind", "1\nx\r\n" },
        { "size ends with a bare CR", "RFC 9112 §7.1", "1\rx\r\n" },
        { "every line ends with a bare LF", "RFC 9112 §2.2", "1\nx\n0\n\n" },
        { "TERM.EXT: LF in an extension", "Funky Chunks; CVE-2025-55315 (Kestrel)", "2;\nxx\r\n23\r\n" + Attack.Smuggled + "\r\n" },
        { "EXT.TERM: CR in an extension", "Funky Chunks; CVE-2025-55315 (Kestrel)", "2;\rxx\r\n23\r\n" + Attack.Smuggled + "\r\n" },
        { "LF in an extension's value", "Funky Chunks", "2;a=b\nxx\r\n" },
        { "CR in an extension's name", "Funky Chunks", "2;a\rb\r\nxx\r\n" },
        { "CR CR LF behind a size", "Funky Chunks", "2\r\r\nxx\r\n" },
        { "line end in a quoted extension", "Funky Chunks; RFC 9112 §7.1.1", "2;a=\"\r\nxx\r\n0\r\n\r\n\"\r\n" },
        { "bare LF in a quoted extension", "Funky Chunks", "2;a=\"\n\"\r\nxx\r\n" },
        { "escaped line end in a quoted extension", "Funky Chunks", "2;a=\"\\\r\n\"\r\nxx\r\n" },
        { "extension without a name", "RFC 9112 §7.1.1", "1;\r\nx\r\n" },
        { "extension with a value only", "RFC 9112 §7.1.1", "1;=v\r\nx\r\n" },
        { "extension with an empty value", "RFC 9112 §7.1.1", "1;a=\r\nx\r\n" },
        { "extension with an open quote", "RFC 9112 §7.1.1", "1;a=\"v\r\nx\r\n" },
        { "extension with bytes behind a quote", "RFC 9112 §7.1.1", "1;a=\"v\"w\r\nx\r\n" },
        { "extension with NUL", "RFC 9112 §7.1.1", "1;\0=x\r\nx\r\n" },
        { "extension longer than the limit", "CVE-2023-39326 (Go): a body of extensions", $"1;x={new string('a', 2000)}\r\nx\r\n" },
        { "extensions together longer than the limit", "CVE-2023-39326 (Go): a body of extensions", Repeat($"1;x={new string('a', 1000)}\r\nx\r\n", 17) },

        { "SPILL: no line end behind the data", "Funky Chunks", "1\r\nx0\r\n\r\n" },
        { "SPILL: two other bytes behind the data", "Funky Chunks: two-byte spill", "1\r\nxyz0\r\n\r\n" },
        { "SPILL: CR and another byte", "Funky Chunks: one-byte spill", "1\r\nx\ry0\r\n\r\n" },
        { "SPILL: LF only", "Funky Chunks", "1\r\nx\n0\r\n\r\n" },
        { "data longer than its size", "RFC 9112 §7.1", "1\r\nxy\r\n0\r\n\r\n" },
        { "data shorter than its size", "RFC 9112 §7.1", "3\r\nab\r\n0\r\n\r\n" },

        { "last chunk ends with a bare LF", "RFC 9112 §7.1", "0\n\r\n" },
        { "body ends with a bare LF", "RFC 9112 §7.1.2", "0\r\n\n" },
        { "trailer ends with a bare LF", "RFC 9112 §7.1.2", "0\r\nX: y\n\r\n" },
        { "trailer with a bare CR", "RFC 9112 §7.1.2", "0\r\nX: y\rContent-Length: 5\r\n\r\n" },
        { "trailer folded", "RFC 9112 §5.2", "0\r\nX: y\r\n folded\r\n\r\n" },
        { "trailer begins with a space", "RFC 9112 §5.2", "0\r\n folded: x\r\n\r\n" },
        { "trailer with a space in its name", "RFC 9112 §5.1", "0\r\nBad Name: x\r\n\r\n" },
        { "trailer with a space before the colon", "RFC 9112 §5.1", "0\r\nX : x\r\n\r\n" },
        { "trailer without a colon", "RFC 9112 §5", "0\r\nGET /smuggled HTTP/1.1\r\n\r\n" },
        { "trailer with NUL", "RFC 9110 §5.5", "0\r\nX: \0\r\n\r\n" },
        { "trailers longer than the limit", "CVE-2023-46589 (Tomcat)", $"0\r\nX: {new string('a', 9000)}\r\n\r\n" },
        { "more trailers than the limit", "CVE-2023-46589 (Tomcat)", "0\r\n" + Repeat("X: y\r\n", 33) + "\r\n" },
    };

    /// <summary>Attack, source, chunked body, chunked body at the node.</summary>
    public static TheoryData<string, string, string, string> Served => new()
    {
        { "hex digits of both cases, leading zeros", "RFC 9112 §7.1", "00A\r\n0123456789\r\n" + End, "a\r\n0123456789\r\n" + End },
        { "last chunk of several zeros", "RFC 9112 §7.1", "1\r\nx\r\n0000\r\n\r\n", "1\r\nx\r\n" + End },
        { "extensions of every form are dropped", "RFC 9112 §7.1.1", "1;a;b=c ; d = \"e;\\\"\t\u00e9\"\r\nx\r\n0;last=1\r\n\r\n", "1\r\nx\r\n" + End },
        { "white space before an extension", "RFC 9112 §7.1.1: BWS", "1 \t;a\r\nx\r\n" + End, "1\r\nx\r\n" + End },
        { "a body's end inside data", "RFC 9112 §7.1", $"28\r\n{End}{Attack.Smuggled}\r\n{End}", $"28\r\n{End}{Attack.Smuggled}\r\n{End}" },
        { "line ends as data", "RFC 9112 §7.1", "2\r\n\r\n\r\n" + End, "2\r\n\r\n\r\n" + End },
        { "trailers that act on framing", "RFC 9110 §6.5.1", Trailers("Content-Length: 35\r\nTransfer-Encoding: chunked\r\n", "X-Sum: 1\r\n"), "0\r\nX-Sum: 1\r\n\r\n" },
        { "trailers that act on routing and the connection", "RFC 9110 §6.5.1", Trailers("Host: evil\r\nConnection: close\r\nUpgrade: h2c\r\nExpect: 100-continue\r\nTE: x\r\n", ""), End },
        { "trailers that name the client", "RFC 9110 §6.5.1", Trailers("X-Forwarded-For: 6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nx_real_ip: 6.6.6.6\r\n", ""), End },
        { "trailers with credentials or the content's form", "RFC 9110 §6.5.1", Trailers("Authorization: a\r\nCookie: b\r\nContent-Type: c\r\nContent-Encoding: d\r\n", ""), End },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public Task BrokenChunks_Are400_AndTheBodyNeverEndsAtTheNode(string attack, string source, string chunks) =>
        Attack.IsBrokenBodyAsync($"{attack} ({source})", Head, First + chunks);

    [Theory]
    [MemberData(nameof(Served))]
    public Task WholeChunks_ReachTheNodeInTheirSimplestForm(string attack, string source, string chunks, string nodeSaw) =>
        Attack.IsServedAsync($"{attack} ({source})", Head + chunks + Attack.Smuggled, "200 200", Head + nodeSaw + Attack.Smuggled);

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Trailers(string dropped, string kept) => $"0\r\n{dropped}{kept}\r\n";
}
