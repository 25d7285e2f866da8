using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Tests.Hardening;

/// <summary>
/// Heads whose lines two readers could cut differently: bare CR and LF, folding, control bytes, names that are none. Sources: RFC 9112 §2.2 and §5, RFC 9110 §5.5; B. Jabiyev and
/// others, "T-Reqs: HTTP Request Smuggling with Differential Fuzzing" (2021).
/// </summary>
public sealed class LineTests
{
    private const string Start = "GET / HTTP/1.1\r\nHost: x\r\n";

    /// <summary>Attack, source, request, status, a part of the reason.</summary>
    public static TheoryData<string, string, string, int, string> Refused => new()
    {
        { "bare LF, every line", "RFC 9112 §2.2", "GET / HTTP/1.1\nHost: x\n\n", 400, "bare LF" },
        { "bare LF, request line", "RFC 9112 §2.2", "GET / HTTP/1.1\nHost: x\r\n\r\n", 400, "bare LF" },
        { "bare LF, field line", "CVE-2022-35256 (llhttp)", Start + "X: y\nY: z\r\n\r\n", 400, "bare LF" },
        { "bare LF, empty line", "RFC 9112 §2.2", Start + "\n", 400, "bare LF" },
        { "bare LF in front of CR LF", "RFC 9112 §2.2", Start + "X: y\n\r\n\r\n", 400, "bare LF" },
        { "LF CR", "RFC 9112 §2.2", "GET / HTTP/1.1\n\rHost: x\n\r\n\r", 400, "bare LF" },
        { "bare LF before the request line", "RFC 9112 §2.2", "\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bare LF" },
        { "bare CR in a value", "RFC 9112 §2.2", Start + "X: a\rb\r\n\r\n", 400, "CR without LF" },
        { "bare CR as a line's end", "CVE-2023-30589 (llhttp)", Start + "X: a\rY: b\r\n\r\n", 400, "CR without LF" },
        { "bare CR in a name", "RFC 9112 §5.1", Start + "X\rY: b\r\n\r\n", 400, "CR without LF" },
        { "bare CR behind a name", "RFC 9112 §5.1", Start + "X\r: b\r\n\r\n", 400, "CR without LF" },
        { "CR CR LF", "RFC 9112 §2.2", Start + "X: a\r\r\n\r\n", 400, "CR without LF" },
        { "CR CR LF as the head's end", "RFC 9112 §2.2", Start + "\r\r\n", 400, "CR without LF" },
        { "bare CR as the head's end", "CVE-2023-30589 (llhttp)", Start + "\rGET /smuggled HTTP/1.1\r\n\r\n", 400, "CR without LF" },
        { "bare CR in the request line", "RFC 9112 §3", "GET /\rX HTTP/1.1\r\nHost: x\r\n\r\n", 400, "CR without LF" },
        { "bare CR behind the version", "RFC 9112 §3", "GET / HTTP/1.1\rHost: x\r\n\r\n", 400, "CR without LF" },
        { "bare CR before the request line", "RFC 9112 §2.2", "\rGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "CR without LF" },

        { "folded with a space", "RFC 9112 §5.2", Start + "X: y\r\n folded\r\n\r\n", 400, "folded" },
        { "folded with HTAB", "RFC 9112 §5.2", Start + "X: y\r\n\tfolded\r\n\r\n", 400, "folded" },
        { "folded line of white space only", "RFC 9112 §5.2", Start + "X: y\r\n \r\n\r\n", 400, "folded" },
        { "first field line begins with a space", "RFC 9112 §2.2", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400, "folded" },
        { "Host on a folded line", "RFC 9112 §5.2", "GET / HTTP/1.1\r\nHost:\r\n x\r\n\r\n", 400, "folded" },

        { "NUL in a value", "RFC 9110 §5.5", Start + "X: a\0b\r\n\r\n", 400, "NUL" },
        { "NUL in a name", "RFC 9110 §5.1", Start + "X\0Y: b\r\n\r\n", 400, "NUL" },
        { "NUL in the method", "RFC 9112 §3.1", "G\0T / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "NUL" },
        { "NUL in the target", "RFC 9112 §3.2", "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "NUL" },
        { "NUL in the version", "RFC 9112 §2.3", "GET / HTTP/1.1\0\r\nHost: x\r\n\r\n", 400, "NUL" },
        { "control byte 1 in a value", "RFC 9110 §5.5", Start + "X: a\u0001b\r\n\r\n", 400, "control byte" },
        { "vertical tab in a value", "RFC 9110 §5.5", Start + "X: a\u000bb\r\n\r\n", 400, "control byte" },
        { "escape in a value", "RFC 9110 §5.5", Start + "X: \u001b[2J\r\n\r\n", 400, "control byte" },
        { "DEL in a value", "RFC 9110 §5.5", Start + "X: \u007f\r\n\r\n", 400, "control byte" },
        { "control byte in a name", "RFC 9110 §5.1", Start + "X\u0001: y\r\n\r\n", 400, "control byte" },
        { "backspaces in a name", "RFC 9110 §5.1", Start + "Xx\u0008: y\r\n\r\n", 400, "control byte" },

        { "space before the colon", "RFC 9112 §5.1", Start + "X : y\r\n\r\n", 400, "field name" },
        { "HTAB before the colon", "RFC 9112 §5.1", Start + "X\t: y\r\n\r\n", 400, "field name" },
        { "space before Host's colon", "RFC 9112 §5.1", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400, "field name" },
        { "space in a name", "RFC 9112 §5.1", Start + "X Y: z\r\n\r\n", 400, "field name" },
        { "line without colon", "CVE-2019-20444 (Netty)", Start + "nocolon\r\n\r\n", 400, "no colon" },
        { "line without colon, two words", "CVE-2019-20444 (Netty)", Start + "no colon\r\n\r\n", 400, "field name" },
        { "request line among the fields", "RFC 9112 §5", Start + "GET /smuggled HTTP/1.1\r\n\r\n", 400, "field name" },
        { "empty name", "CVE-2023-25725 (HAProxy)", Start + ": y\r\n\r\n", 400, "empty name" },
        { "empty name, nothing else", "CVE-2023-25725 (HAProxy)", Start + ":\r\n\r\n", 400, "empty name" },
        { "parenthesis in a name", "RFC 9110 §5.6.2", Start + "X(y): z\r\n\r\n", 400, "not a token" },
        { "quoted name", "RFC 9110 §5.6.2", Start + "\"X\": z\r\n\r\n", 400, "not a token" },
        { "slash in a name", "RFC 9110 §5.6.2", Start + "X/Y: z\r\n\r\n", 400, "not a token" },
        { "byte above 127 in a name", "RFC 9110 §5.6.2", Start + "X\u00e9: z\r\n\r\n", 400, "not a token" },
        { "CR and LF in UTF-8's narrow cousins", "truncation of U+010D and U+010A", Start + "X\u00c4\u008d\u00c4\u008aY: z\r\n\r\n", 400, "not a token" },
    };

    /// <summary>Attack, source, field line as sent and as the node sees it.</summary>
    public static TheoryData<string, string, string, string> Passed => new()
    {
        { "HTAB in a value", "RFC 9110 §5.5", "X: a\tb", "X: a\tb" },
        { "bytes above 127 in a value", "RFC 9110 §5.5: obs-text", "X: \u00e9\u0085\u00ff", "X: \u00e9\u0085\u00ff" },
        { "escaped line end in a value: no escape to HTTP", "RFC 9110 §5.5", "X: a%0d%0aY: b\\r\\n", "X: a%0d%0aY: b\\r\\n" },
        { "white space around a value", "RFC 9112 §5", "X:  \t y \t", "X:  \t y \t" },
        { "no value", "RFC 9110 §5.5", "X:", "X:" },
        { "colon in a value", "RFC 9112 §5", "X::y:", "X::y:" },
        { "every byte a name may have", "RFC 9110 §5.6.2", "!#$%&'*+-.^_`|~09AZaz: y", "!#$%&'*+-.^_`|~09AZaz: y" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public Task LineOfTwoMeanings_IsRefused(string attack, string source, string sent, int status, string reason) =>
        Attack.IsRefusedAsync($"{attack} ({source})", sent, status, reason);

    [Theory]
    [MemberData(nameof(Passed))]
    public Task OddLineOfOneMeaning_PassesByteByByte(string attack, string source, string line, string nodeSaw) =>
        Attack.IsServedAsync($"{attack} ({source})", $"{Start}{line}\r\n\r\n{Attack.Smuggled}", "200 200", $"{Start}{nodeSaw}\r\n\r\n{Attack.Smuggled}");

    [Theory]
    [InlineData("", 2)]
    [InlineData("\r\n", 2)]
    [InlineData("\r\n\r\n", 2)]
    [InlineData("\r\n\r\n\r\n", 1)] // RFC 9112 §2.2 asks to ignore at least one; without a bound they are a stream that never becomes a request
    public async Task EmptyLinesBetweenRequests_AreBounded(string lines, int served)
    {
        AttackResult result = await Attack.RunAsync($"{Start}\r\n{lines}{Attack.Smuggled}");
        result.Statuses.ShouldBe(served == 2 ? "200 200" : "200 400");
        string.Concat(result.NodeSaw).ShouldBe($"{Start}\r\n{(served == 2 ? Attack.Smuggled : "")}");
    }

    [Theory]
    [InlineData("GET /{8178} HTTP/1.1\r\nHost: x\r\n\r\n", 200, "")] // 8,192 bytes
    [InlineData("GET /{8179} HTTP/1.1\r\nHost: x\r\n\r\n", 414, "request line")]
    [InlineData("{8190} / HTTP/1.1\r\nHost: x\r\n\r\n", 414, "request line")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n{32700}: y\r\n\r\n", 200, "")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n{32768}: y\r\n\r\n", 431, "larger than the limit")] // CVE-2021-40346 (HAProxy): a name longer than its length field
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX: {32736}\r\n\r\n", 200, "")] // 32,768 bytes
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX: {32737}\r\n\r\n", 431, "larger than the limit")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX: {100000}\r\n\r\n", 431, "larger than the limit")]
    [InlineData("GET / HTTP/1.1\r\nHost: {300}\r\n\r\n", 400, "Host field must be")]
    public async Task HeadAtItsLimits_IsServedOrRefused_NeverCut(string pattern, int status, string reason)
    {
        string sent = System.Text.RegularExpressions.Regex.Replace(pattern, @"\{(\d+)\}", match => new string('a', int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)));
        if (status == 200)
            await Attack.IsServedAsync(pattern, sent + Attack.Smuggled, "200 200", sent + Attack.Smuggled);
        else
            await Attack.IsRefusedAsync(pattern, sent, status, reason);
    }

    [Theory]
    [InlineData(100, 200)]
    [InlineData(101, 431)]
    public async Task FieldCountAtItsLimit_IsServedOrRefused_NeverCut(int fields, int status)
    {
        string sent = Start + string.Concat(Enumerable.Repeat("X: y\r\n", fields - 1)) + "\r\n";
        if (status == 200)
            await Attack.IsServedAsync("100 fields", sent + Attack.Smuggled, "200 200", sent + Attack.Smuggled);
        else
            await Attack.IsRefusedAsync("101 fields", sent, status, "more header fields");
    }

    [Fact]
    public Task SmallerLimits_HoldToo() => Attack.IsRefusedAsync(
        "configured limit", "GET / HTTP/1.1\r\nHost: x\r\nX: " + new string('a', 300) + "\r\n\r\n", 431, "larger than the limit",
        new ProxyLimits { Heads = new HeadLimits(StartLineBytesMax: 100, HeadBytesMax: 200, FieldsMax: 10) });
}
