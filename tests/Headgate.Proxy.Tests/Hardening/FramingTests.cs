namespace Headgate.Proxy.Tests.Hardening;

/// <summary>
/// Requests whose length two readers could understand differently: Content-Length against Transfer-Encoding, and everything that hides one of them from one
/// reader. Sources: RFC 9112 §6; C. Linhart and others, "HTTP Request Smuggling" (Watchfire, 2005); J. Kettle, "HTTP Desync Attacks" (2019), "Browser-Powered Desync Attacks"
/// (2022), "HTTP/1.1 must die" (2025); the obfuscations are those of PortSwigger's HTTP Request Smuggler.
/// </summary>
public sealed class FramingTests
{
    private const string Post = "POST / HTTP/1.1\r\nHost: x\r\n";
    private const string End = "0\r\n\r\n";
    private const string Chunked = Post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n" + End;

    /// <summary>Attack, source, request, status, a part of the reason.</summary>
    public static TheoryData<string, string, string, int, string> Refused => new()
    {
        { "CL.TE", "Desync Attacks 2019", Post + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG", 400, "exclude each other" },
        { "TE.CL", "Desync Attacks 2019", Post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n23\r\n" + Attack.Smuggled + "\r\n" + End, 400, "exclude each other" },
        { "CL.TE, length 0", "RFC 9112 §6.3", Post + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n" + End, 400, "exclude each other" },
        { "CL.TE on GET", "RFC 9112 §6.3", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + End, 400, "exclude each other" },
        { "CL.TE, unknown coding", "RFC 9112 §6.1", Post + "Content-Length: 5\r\nTransfer-Encoding: cow\r\n\r\n" + End, 400, "exclude each other" },
        { "TE in HTTP/1.0", "RFC 9112 §6.1", "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + End, 400, "HTTP/1.0" },
        { "TE and CL in HTTP/1.0", "RFC 9112 §6.1", "POST / HTTP/1.0\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + End, 400, "exclude each other" },

        { "TE.TE, xchunked", "Desync Attacks 2019", Te("Transfer-Encoding: xchunked"), 501, "not supported" },
        { "TE.TE, space before the colon", "CVE-2019-16869 (Netty), CVE-2021-22959 (Node.js)", Te("Transfer-Encoding : chunked"), 400, "field name" },
        { "TE.TE, HTAB before the colon", "HTTP Request Smuggler", Te("Transfer-Encoding\t: chunked"), 400, "field name" },
        { "TE.TE, line begins with a space", "CVE-2020-7238 (Netty)", Te(" Transfer-Encoding: chunked"), 400, "folded" },
        { "TE.TE, value on a folded line", "CVE-2022-32215 (llhttp)", Te("Transfer-Encoding:\r\n chunked"), 400, "exactly 'chunked'" },
        { "TE.TE, colon on a folded line", "Desync Attacks 2019", Te("Transfer-Encoding\r\n : chunked"), 400, "no colon" },
        { "TE.TE, behind a bare LF", "CVE-2022-32214 (llhttp)", Te("X: X\nTransfer-Encoding: chunked"), 400, "bare LF" },
        { "TE.TE, behind a bare CR", "CVE-2023-30589 (llhttp)", Te("X: X\rTransfer-Encoding: chunked"), 400, "CR without LF" },
        { "TE.TE, vertical tab before the value", "CVE-2019-18277 (HAProxy)", Te("Transfer-Encoding:\u000bchunked"), 400, "control byte" },
        { "TE.TE, vertical tab behind the value", "CVE-2019-18277 (HAProxy)", Te("Transfer-Encoding: chunked\u000b"), 400, "control byte" },
        { "TE.TE, form feed before the value", "HTTP Request Smuggler", Te("Transfer-Encoding:\u000cchunked"), 400, "control byte" },
        { "TE.TE, NUL before the value", "HTTP Request Smuggler", Te("Transfer-Encoding: \0chunked"), 400, "NUL" },
        { "TE.TE, DEL in the value", "HTTP Request Smuggler", Te("Transfer-Encoding: ch\u007funked"), 400, "control byte" },
        { "TE.TE, no-break space behind the value", "HTTP Request Smuggler", Te("Transfer-Encoding: chunked\u00a0"), 400, "exactly 'chunked'" },
        { "TE.TE, no-break space in the name", "HTTP Request Smuggler", Te("Transfer-Encoding\u00a0: chunked"), 400, "not a token" },
        { "TE.TE, double quotes", "HTTP Request Smuggler", Te("Transfer-Encoding: \"chunked\""), 400, "exactly 'chunked'" },
        { "TE.TE, single quotes", "HTTP Request Smuggler", Te("Transfer-Encoding: 'chunked'"), 501, "not supported" },
        { "TE.TE, parameter", "RFC 9112 §7.1", Te("Transfer-Encoding: chunked;q=1"), 400, "exactly 'chunked'" },
        { "TE.TE, second word", "HTTP Request Smuggler", Te("Transfer-Encoding: chunked x"), 400, "exactly 'chunked'" },
        { "TE.TE, empty", "RFC 9112 §6.1", Te("Transfer-Encoding:"), 400, "exactly 'chunked'" },
        { "TE.TE, identity", "RFC 9112 §7, dropped since RFC 2616", Te("Transfer-Encoding: identity"), 400, "exactly 'chunked'" },
        { "TE.TE, chunked, identity", "RFC 9112 §6.1", Te("Transfer-Encoding: chunked, identity"), 400, "exactly 'chunked'" },
        { "TE.TE, identity, chunked", "RFC 9112 §6.1", Te("Transfer-Encoding: identity, chunked"), 400, "exactly 'chunked'" },
        { "TE.TE, chunked, chunked", "RFC 9112 §6.1", Te("Transfer-Encoding: chunked, chunked"), 400, "exactly 'chunked'" },
        { "TE.TE, list with an empty element", "RFC 9110 §5.6.1", Te("Transfer-Encoding: chunked,"), 400, "exactly 'chunked'" },
        { "TE.TE, gzip, chunked", "RFC 9112 §6.1", Te("Transfer-Encoding: gzip, chunked"), 501, "not supported" },
        { "TE.TE, chunked not last", "RFC 9112 §6.3", Te("Transfer-Encoding: chunked, gzip"), 501, "not supported" },
        { "TE.TE, chunked twice", "CVE-2020-8287 (Node.js)", Te("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400, "more than one Transfer-Encoding" },
        { "TE.TE, chunked, then x", "Desync Attacks 2019", Te("Transfer-Encoding: chunked\r\nTransfer-Encoding: x"), 400, "more than one Transfer-Encoding" },
        { "TE.TE, x, then chunked", "CVE-2024-1135 (gunicorn)", Te("Transfer-Encoding: x\r\nTransfer-Encoding: chunked"), 501, "not supported" },
        { "TE.TE, chunked, then empty", "HTTP Request Smuggler", Te("Transfer-Encoding: chunked\r\nTransfer-Encoding:"), 400, "more than one Transfer-Encoding" },

        { "CL.CL, equal", "RFC 9112 §6.3", Cl("3\r\nContent-Length: 3"), 400, "more than one Content-Length" },
        { "CL.CL, different", "RFC 9112 §6.3; Watchfire 2005", Cl("0\r\nContent-Length: 3"), 400, "more than one Content-Length" },
        { "CL.CL, other case", "RFC 9112 §6.3", Cl("3\r\ncontent-length: 0"), 400, "more than one Content-Length" },
        { "CL list", "RFC 9110 §8.6", Cl("3, 3"), 400, "Content-Length must be" },
        { "CL list, different", "RFC 9110 §8.6", Cl("3, 0"), 400, "Content-Length must be" },
        { "CL with a plus", "CVE-2022-24761 (waitress)", Cl("+3"), 400, "Content-Length must be" },
        { "CL negative", "RFC 9110 §8.6", Cl("-1"), 400, "Content-Length must be" },
        { "CL minus zero", "RFC 9110 §8.6", Cl("-0"), 400, "Content-Length must be" },
        { "CL hexadecimal", "RFC 9110 §8.6", Cl("0x3"), 400, "Content-Length must be" },
        { "CL with an underscore", "CVE-2022-24761 (waitress): int() of Python", Cl("0_3"), 400, "Content-Length must be" },
        { "CL decimal fraction", "RFC 9110 §8.6", Cl("3.0"), 400, "Content-Length must be" },
        { "CL exponent", "RFC 9110 §8.6", Cl("3e0"), 400, "Content-Length must be" },
        { "CL with a semicolon", "HTTP Request Smuggler", Cl("3;"), 400, "Content-Length must be" },
        { "CL two words", "HTTP Request Smuggler", Cl("3 0"), 400, "Content-Length must be" },
        { "CL quoted", "HTTP Request Smuggler", Cl("\"3\""), 400, "Content-Length must be" },
        { "CL empty", "RFC 9110 §8.6", Cl(""), 400, "Content-Length must be" },
        { "CL superscript digit", "str.isdigit() of Python", Cl("\u00b3"), 400, "Content-Length must be" },
        { "CL 2^63", "integer overflow", Cl("9223372036854775808"), 400, "Content-Length must be" },
        { "CL 2^64 + 3", "integer overflow", Cl("18446744073709551619"), 400, "Content-Length must be" },
        { "CL of 30 digits", "integer overflow", Cl("000000000000000000000000000003"), 400, "Content-Length must be" },
        { "CL, space before the colon", "RFC 9112 §5.1", Post + "Content-Length : 3\r\n\r\nabc", 400, "field name" },
        { "CL, vertical tab before the value", "CVE-2019-18277 (HAProxy)", Post + "Content-Length:\u000b3\r\n\r\nabc", 400, "control byte" },
        { "CL, folded", "RFC 9112 §5.2", Post + "Content-Length: 3\r\n 0\r\n\r\nabc", 400, "folded" },
        { "0.CL, line begins with a space", "CVE-2024-27982 (Node.js)", "GET / HTTP/1.1\r\nHost: x\r\n Content-Length: 35\r\n\r\n", 400, "folded" },
        { "0.CL, length hidden behind a bare LF", "HTTP/1.1 must die 2025", "GET / HTTP/1.1\r\nHost: x\r\nX: y\nContent-Length: 35\r\n\r\n", 400, "bare LF" },
        { "0.CL, length on a folded line", "HTTP/1.1 must die 2025", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n 35\r\n\r\n", 400, "Content-Length must be" },
    };

    /// <summary>Attack, source, request, statuses, what the node saw.</summary>
    public static TheoryData<string, string, string, string, string> Served => new()
    {
        { "TE, HTAB before the value", "RFC 9112 §5: OWS", Te("Transfer-Encoding:\tchunked"), "200", Chunked },
        { "TE, space and HTAB behind the value", "RFC 9112 §5: OWS", Te("Transfer-Encoding: chunked \t"), "200", Chunked },
        { "TE, upper case", "RFC 9112 §7: case-insensitive", Te("TRANSFER-ENCODING: CHUNKED"), "200", Chunked },
        { "TE, mixed case", "RFC 9112 §7: case-insensitive", Te("tRANSFER-eNCODING: cHuNkEd"), "200", Chunked },
        { "CL, leading zeros", "RFC 9110 §8.6", Cl("0003"), "200", Cl("3") },
        { "CL, HTAB around the value", "RFC 9112 §5: OWS", Cl("\t3\t"), "200", Cl("3") },
        { "CL.0", "Browser-Powered Desync Attacks 2022", Hidden("POST", "Content-Length: 35", Attack.Smuggled), "200", Hidden("POST", "Content-Length: 35", Attack.Smuggled) },
        { "CL.0 on GET", "Browser-Powered Desync Attacks 2022", Hidden("GET", "Content-Length: 35", Attack.Smuggled), "200", Hidden("GET", "Content-Length: 35", Attack.Smuggled) },
        { "CL.0 on DELETE", "Browser-Powered Desync Attacks 2022", Hidden("DELETE", "Content-Length: 35", Attack.Smuggled), "200", Hidden("DELETE", "Content-Length: 35", Attack.Smuggled) },
        { "TE.0", "TE.0, P. Arnolfo and G. Gregorio 2024", TeZero, "200", TeZero },
        { "0.CL, no length: what follows is a request to both", "HTTP/1.1 must die 2025", Hidden("POST", "X: y", Attack.Smuggled), "200 200", Hidden("POST", "X: y", Attack.Smuggled) },
        { "0.CL, length named with an underscore", "RFC 3875 §4.1.18", Hidden("POST", "Content_Length: 35", Attack.Smuggled), "200 200", Post + "\r\n" + Attack.Smuggled },
        { "TE.TE, named with an underscore", "RFC 3875 §4.1.18", Hidden("POST", "Content-Length: 5\r\nTransfer_Encoding: chunked", End), "200", Hidden("POST", "Content-Length: 5", End) },
        { "TE in another field", "HTTP Request Smuggler", Hidden("POST", "Content-Encoding: chunked\r\nContent-Length: 5", End), "200", Hidden("POST", "Content-Encoding: chunked\r\nContent-Length: 5", End) },
        { "no framing, chunks follow", "RFC 9112 §6.3", Hidden("POST", "X: y", End), "200 400", Hidden("POST", "X: y", "") },
        { "body longer than its length", "RFC 9112 §6.3", Cl("3") + "defg" + Attack.Smuggled, "200 200", Cl("3") + "defg" + Attack.Smuggled },
        { "line end behind a body", "RFC 9112 §2.2", Cl("3") + "\r\n" + Attack.Smuggled, "200 200", Cl("3") + Attack.Smuggled },
    };

    private static string TeZero => $"OPTIONS / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{Attack.Smuggled.Length:x}\r\n{Attack.Smuggled}\r\n{End}";

    [Theory]
    [MemberData(nameof(Refused))]
    public Task AmbiguousLength_IsRefused(string attack, string source, string sent, int status, string reason) =>
        Attack.IsRefusedAsync($"{attack} ({source})", sent, status, reason);

    [Theory]
    [MemberData(nameof(Served))]
    public Task OneMeaning_ReachesTheNodeInThatMeaning(string attack, string source, string sent, string statuses, string nodeSaw) =>
        Attack.IsServedAsync($"{attack} ({source})", sent, statuses, nodeSaw);

    [Theory]
    [InlineData("Content-Length: 35\r\n\r\n" + Attack.Smuggled)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n23\r\n" + Attack.Smuggled + "\r\n" + End)]
    public async Task AnswerOfTheGatewaysOwn_BodyIsNoRequest(string rest)
    {
        // CL.0 lives on servers that answer without reading the body: redirects, error pages (Browser-Powered Desync Attacks, 2022).
        await using Pipeline.GatewayUnderTest gateway = await Pipeline.GatewayUnderTest.StartAsync();
        string received = await gateway.SendRawAsync(Post + rest + Attack.Smuggled, finish: true);
        Answer.ReadAll(received).Select(answer => answer.Status).ShouldBe([404, 404]);
        gateway.Plane.Counters.RequestsByStatusClass(4).ShouldBe(2);
    }

    private static string Te(string lines) => $"{Post}{lines}\r\n\r\n5\r\nhello\r\n{End}";

    private static string Cl(string value) => $"{Post}Content-Length: {value}\r\n\r\nabc";

    private static string Hidden(string method, string lines, string rest) => $"{method} / HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n{rest}";
}
