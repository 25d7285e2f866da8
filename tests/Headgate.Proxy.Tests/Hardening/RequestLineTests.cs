namespace Headgate.Proxy.Tests.Hardening;

/// <summary>
/// Request lines, targets and hosts that two readers could take for different requests. Sources: RFC 9112 §3, RFC 9110 §7; O. Tsai, "Breaking Parser Logic" (2018) for
/// paths; J. Kettle, "Cracking the Lens" (2017) for hosts and absolute forms; "Practical HTTP Host header attacks" (2013).
/// </summary>
public sealed class RequestLineTests
{
    private const string Host = "Host: x\r\n\r\n";

    /// <summary>Attack, source, request, status, a part of the reason.</summary>
    public static TheoryData<string, string, string, int, string> Refused => new()
    {
        { "HTTP/0.9", "RFC 9112 §2.3", "GET /\r\n" + Host, 400, "no HTTP version" },
        { "HTTP/0.9 with a trailing space", "RFC 9112 §2.3", "GET / \r\n" + Host, 400, "no HTTP version" },
        { "HTTP/0.9 by name", "RFC 9112 §2.3", "GET / HTTP/0.9\r\n" + Host, 505, "not supported" },
        { "HTTP/1.2", "RFC 9112 §2.3", "GET / HTTP/1.2\r\n" + Host, 505, "not supported" },
        { "HTTP/2.0", "RFC 9112 §2.3", "GET / HTTP/2.0\r\n" + Host, 505, "not supported" },
        { "HTTP/3.0", "RFC 9112 §2.3", "GET / HTTP/3.0\r\n" + Host, 505, "not supported" },
        { "HTTP/1.10", "RFC 9112 §2.3", "GET / HTTP/1.10\r\n" + Host, 400, "version is malformed" },
        { "HTTP/01.1", "RFC 9112 §2.3", "GET / HTTP/01.1\r\n" + Host, 400, "version is malformed" },
        { "HTTP/1", "RFC 9112 §2.3", "GET / HTTP/1\r\n" + Host, 400, "version is malformed" },
        { "version in lower case", "RFC 9112 §2.3", "GET / http/1.1\r\n" + Host, 400, "version is malformed" },
        { "other protocol's name", "RFC 9112 §2.3", "GET / RTSP/1.0\r\n" + Host, 400, "version is malformed" },
        { "space behind the version", "RFC 9112 §3", "GET / HTTP/1.1 \r\n" + Host, 400, "version is malformed" },
        { "two versions", "RFC 9112 §3", "GET / HTTP/1.1 HTTP/1.1\r\n" + Host, 400, "version is malformed" },
        { "space in the target", "RFC 9112 §3.2; CVE-2023-25690 (Apache)", "GET /a HTTP/1.1 /b HTTP/1.1\r\n" + Host, 400, "version is malformed" },
        { "two spaces behind the method", "RFC 9112 §3", "GET  / HTTP/1.1\r\n" + Host, 400, "target is empty" },
        { "two spaces behind the target", "RFC 9112 §3", "GET /  HTTP/1.1\r\n" + Host, 400, "version is malformed" },
        { "HTAB behind the method", "RFC 9112 §3", "GET\t/ HTTP/1.1\r\n" + Host, 400, "method" },
        { "HTAB behind the target", "RFC 9112 §3", "GET /\tHTTP/1.1\r\n" + Host, 400, "visible ASCII" },
        { "form feed behind the target", "RFC 9112 §3", "GET /\fHTTP/1.1\r\n" + Host, 400, "visible ASCII" },
        { "space before the method", "RFC 9112 §2.2", " GET / HTTP/1.1\r\n" + Host, 400, "white space" },
        { "HTAB before the method", "RFC 9112 §2.2", "\tGET / HTTP/1.1\r\n" + Host, 400, "white space" },
        { "three empty lines before the request", "RFC 9112 §2.2", "\r\n\r\n\r\nGET / HTTP/1.1\r\n" + Host, 400, "empty lines" },
        { "method that is no token", "RFC 9112 §3.1", "G@T / HTTP/1.1\r\n" + Host, 400, "method" },
        { "method with a control byte", "RFC 9112 §3.1", "G\u0001T / HTTP/1.1\r\n" + Host, 400, "control byte" },
        { "method with a byte above 127", "RFC 9112 §3.1", "G\u00c9T / HTTP/1.1\r\n" + Host, 400, "method" },
        { "no method", "RFC 9112 §3.1", "/ HTTP/1.1\r\n" + Host, 400, "method" },
        { "a TLS hello in clear text", "RFC 8446 §5.1", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003", 400, "control byte" },
        { "an answer as a request", "RFC 9112 §3", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 400, "method" },
        { "CONNECT", "RFC 9110 §9.3.6", "CONNECT x:443 HTTP/1.1\r\n" + Host, 501, "CONNECT" },
        { "CONNECT to the cloud's metadata", "RFC 9110 §9.3.6", "CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n", 501, "CONNECT" },

        { "authority form with GET", "RFC 9112 §3.2.3", "GET x:80 HTTP/1.1\r\n" + Host, 400, "request target must begin" },
        { "asterisk with GET", "RFC 9112 §3.2.4", "GET * HTTP/1.1\r\n" + Host, 400, "request target must begin" },
        { "asterisk and more", "RFC 9112 §3.2.4", "OPTIONS *x HTTP/1.1\r\n" + Host, 400, "request target must begin" },
        { "relative path", "RFC 9112 §3.2", "GET admin HTTP/1.1\r\n" + Host, 400, "request target must begin" },
        { "userinfo trick: target begins with @", "Cracking the Lens", "GET @evil/ HTTP/1.1\r\n" + Host, 400, "request target must begin" },
        { "other scheme", "RFC 9112 §3.2.2", "GET ftp://x/ HTTP/1.1\r\n" + Host, 400, "request target must begin" },
        { "file scheme", "RFC 9112 §3.2.2", "GET file:///etc/passwd HTTP/1.1\r\n" + Host, 400, "request target must begin" },
        { "one slash behind the scheme", "RFC 3986 §3", "GET http:/x/ HTTP/1.1\r\n" + Host, 400, "request target must begin" },
        { "absolute form without a host", "RFC 9110 §4.2.1", "GET http:///x HTTP/1.1\r\n" + Host, 400, "authority of the request target" },
        { "absolute form with userinfo", "RFC 9110 §4.2.4", "GET http://x@evil/ HTTP/1.1\r\n" + Host, 400, "authority of the request target" },
        { "absolute form with a backslash", "Breaking Parser Logic", "GET http://x\\@evil/ HTTP/1.1\r\n" + Host, 400, "authority of the request target" },
        { "absolute form with an escaped host", "RFC 3986 §3.2.2", "GET http://%78/ HTTP/1.1\r\n" + Host, 400, "authority of the request target" },
        { "absolute form, port 0", "RFC 3986 §3.2.3", "GET http://x:0/ HTTP/1.1\r\n" + Host, 400, "authority of the request target" },
        { "absolute form, other host", "RFC 9112 §3.2.2", "GET http://evil/ HTTP/1.1\r\n" + Host, 400, "differ" },
        { "absolute form, other port", "RFC 9112 §3.2.2", "GET http://x:81/ HTTP/1.1\r\n" + Host, 400, "differ" },
        { "absolute form, other scheme's port", "RFC 9112 §3.2.2", "GET https://x:80/ HTTP/1.1\r\n" + Host, 400, "differ" },
        { "absolute form without Host", "RFC 9112 §3.2", "GET http://x/ HTTP/1.1\r\n\r\n", 400, "Host field is missing" },
        { "fragment", "RFC 9112 §3.2", "GET /a#/../b HTTP/1.1\r\n" + Host, 400, "fragment" },
        { "fragment behind a query", "RFC 9112 §3.2", "GET /a?b#c HTTP/1.1\r\n" + Host, 400, "fragment" },
        { "byte above 127 in the target", "RFC 3986 §2", "GET /\u00e9 HTTP/1.1\r\n" + Host, 400, "visible ASCII" },
        { "DEL in the target", "RFC 3986 §2", "GET /\u007f HTTP/1.1\r\n" + Host, 400, "visible ASCII" },
        { "line end of UTF-8 in the target (U+2028)", "RFC 3986 §2", "GET /\u00e2\u0080\u00a8 HTTP/1.1\r\n" + Host, 400, "visible ASCII" },
        { "escaped NUL in the path", "Breaking Parser Logic", "GET /a%00.txt HTTP/1.1\r\n" + Host, 400, "NUL" },
        { "incomplete escape", "RFC 3986 §2.1", "GET /%4 HTTP/1.1\r\n" + Host, 400, "percent-encoding" },
        { "escape that is none", "RFC 3986 §2.1", "GET /%zz HTTP/1.1\r\n" + Host, 400, "percent-encoding" },
        { "escape of UTF-16", "IIS 5's %u", "GET /%u002e HTTP/1.1\r\n" + Host, 400, "percent-encoding" },
        { "above the root", "CVE-2021-41773 (Apache)", "GET /../x HTTP/1.1\r\n" + Host, 400, "above its root" },
        { "above the root, slash escaped", "CVE-2021-42013 (Apache)", "GET /..%2fx HTTP/1.1\r\n" + Host, 400, "above its root" },
        { "above the root, dots escaped", "CVE-2021-41773 (Apache)", "GET /.%2e/%2e./x HTTP/1.1\r\n" + Host, 400, "above its root" },
        { "above the root behind a double slash", "Breaking Parser Logic", "GET //../x HTTP/1.1\r\n" + Host, 400, "above its root" },

        { "no Host", "RFC 9112 §3.2", "GET / HTTP/1.1\r\n\r\n", 400, "Host field is missing" },
        { "two Hosts", "RFC 9112 §3.2", "GET / HTTP/1.1\r\nHost: x\r\nHost: evil\r\n\r\n", 400, "more than one Host" },
        { "two equal Hosts", "RFC 9112 §3.2", "GET / HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n", 400, "more than one Host" },
        { "two Hosts in HTTP/1.0", "RFC 9112 §3.2", "GET / HTTP/1.0\r\nHost: x\r\nHost: evil\r\n\r\n", 400, "more than one Host" },
        { "Host empty", "RFC 9112 §3.2", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400, "Host field must be" },
        { "Host of two words", "RFC 9110 §7.2", "GET / HTTP/1.1\r\nHost: x evil\r\n\r\n", 400, "Host field must be" },
        { "Host list", "RFC 9110 §7.2", "GET / HTTP/1.1\r\nHost: x, evil\r\n\r\n", 400, "Host field must be" },
        { "Host with userinfo", "Practical host attacks", "GET / HTTP/1.1\r\nHost: x@evil\r\n\r\n", 400, "Host field must be" },
        { "Host with a path", "Practical host attacks", "GET / HTTP/1.1\r\nHost: x/evil\r\n\r\n", 400, "Host field must be" },
        { "Host with a quote", "Practical host attacks", "GET / HTTP/1.1\r\nHost: x\"onload=\r\n\r\n", 400, "Host field must be" },
        { "Host, port no number", "Practical host attacks", "GET / HTTP/1.1\r\nHost: x:evil\r\n\r\n", 400, "Host field must be" },
        { "Host, port too large", "RFC 3986 §3.2.3", "GET / HTTP/1.1\r\nHost: x:65536\r\n\r\n", 400, "Host field must be" },
        { "Host, address half open", "RFC 3986 §3.2.2", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, "Host field must be" },
    };

    /// <summary>Attack, source, request line as sent and as the node sees it.</summary>
    public static TheoryData<string, string, string, string> Passed => new()
    {
        { "absolute form is reduced", "RFC 9112 §3.2.2", "GET http://x/a?b HTTP/1.1", "GET /a?b HTTP/1.1" },
        { "absolute form, standard port", "RFC 9110 §4.2.1", "GET HTTP://X:80/a HTTP/1.1", "GET /a HTTP/1.1" },
        { "absolute form without a path", "RFC 9112 §3.2.1", "GET http://x HTTP/1.1", "GET / HTTP/1.1" },
        { "absolute form, query without a path", "RFC 9112 §3.2.1", "GET http://x?a HTTP/1.1", "GET /?a HTTP/1.1" },
        { "absolute form inside a path", "RFC 9112 §3.2.1", "GET /http://evil/ HTTP/1.1", "GET /http://evil/ HTTP/1.1" },
        { "two slashes: a path, no authority", "RFC 9112 §3.2.1", "GET //evil/ HTTP/1.1", "GET //evil/ HTTP/1.1" },
        { "two slashes behind an authority", "RFC 9112 §3.2.1", "GET http://x//evil/ HTTP/1.1", "GET //evil/ HTTP/1.1" },
        { "dot segments below the root, as the client wrote them", "docs/reference/http1.md", "GET /a/..%2fb/%2e/c HTTP/1.1", "GET /a/..%2fb/%2e/c HTTP/1.1" },
        { "escaped line end stays escaped", "CVE-2023-25690 (Apache)", "GET /a%0d%0aX:%20y HTTP/1.1", "GET /a%0d%0aX:%20y HTTP/1.1" },
        { "escaped slash, backslash, semicolon", "Breaking Parser Logic", "GET /a%2fb\\c;d=e HTTP/1.1", "GET /a%2fb\\c;d=e HTTP/1.1" },
        { "doubly escaped dots", "Breaking Parser Logic", "GET /%252e%252e/a HTTP/1.1", "GET /%252e%252e/a HTTP/1.1" },
        { "broken escape in a query", "RFC 3986 §3.4", "GET /?%zz%00 HTTP/1.1", "GET /?%zz%00 HTTP/1.1" },
        { "method in lower case is another method", "RFC 9110 §9.1", "get / HTTP/1.1", "get / HTTP/1.1" },
        { "method unknown to us", "RFC 9110 §9.1", "BREW / HTTP/1.1", "BREW / HTTP/1.1" },
        { "method of odd token bytes", "RFC 9110 §5.6.2", "$'| / HTTP/1.1", "$'| / HTTP/1.1" },
        { "PRI is a method like any other when the preface does not follow", "RFC 9113 §3.4", "PRI / HTTP/1.1", "PRI / HTTP/1.1" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public Task RequestLineOfTwoMeanings_IsRefused(string attack, string source, string sent, int status, string reason) =>
        Attack.IsRefusedAsync($"{attack} ({source})", sent, status, reason);

    [Theory]
    [MemberData(nameof(Passed))]
    public Task OddRequestLine_ReachesTheNodeInOneMeaning(string attack, string source, string line, string nodeSaw) =>
        Attack.IsServedAsync($"{attack} ({source})", $"{line}\r\n{Host}{Attack.Smuggled}", "200 200", $"{nodeSaw}\r\n{Host}{Attack.Smuggled}");

    [Theory]
    [InlineData("/public/../admin/x")]
    [InlineData("/public/..%2fadmin/x")]
    [InlineData("/%61dmin/x")]
    [InlineData("//admin//x")]
    [InlineData("/./admin/x")]
    [InlineData("http://x/admin/x")]
    [InlineData("http://x//public/..//admin/x")]
    public async Task PathSpeltDifferently_MeetsTheSameRoute(string target)
    {
        // A rule on /admin/* must hold for every spelling (docs/reference/http1.md): here it leads to an upstream without nodes.
        await using RecordingNode node = new();
        await using Pipeline.GatewayUnderTest gateway = await Pipeline.GatewayUnderTest.StartForAsync([node.Port]);
        gateway.Put(Core.Config.ResourceKind.Route, "admin", """{"uri":"/admin/*","upstream":{"type":"roundrobin","nodes":{}}}""");
        string received = await gateway.SendRawAsync($"GET {target} HTTP/1.1\r\n{Host}", finish: true);
        Answer.ReadAll(received).ShouldHaveSingleItem().Status.ShouldBe(503);
        node.Received.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("OPTIONS *")]
    [InlineData("OPTIONS http://x")] // its absolute form (RFC 9112 §3.2.4)
    public async Task AsteriskForm_IsNoPath_SoNoRouteOfPathsMatches(string line)
    {
        AttackResult result = await Attack.RunAsync($"{line} HTTP/1.1\r\n{Host}{Attack.Smuggled}");
        result.Statuses.ShouldBe("404 200");
        string.Concat(result.NodeSaw).ShouldBe(Attack.Smuggled);
    }

    [Theory]
    [InlineData("TRACE", 405)] // what the gateway adds for nodes is not for clients (RFC 9110 §9.3.8)
    [InlineData("TRACK", 200)] // IIS's own TRACE is a method like any other
    public async Task TraceMethods_OnlyTheKnownOneIsRefused(string method, int status)
    {
        AttackResult result = await Attack.RunAsync($"{method} / HTTP/1.1\r\n{Host}{Attack.Smuggled}");
        result.Statuses.ShouldBe($"{status} 200");
    }

    [Fact]
    public async Task Http10WithoutHost_NodeIsNamed()
    {
        AttackResult result = await Attack.RunAsync("GET / HTTP/1.0\r\n\r\n" + Attack.Smuggled);
        result.Statuses.ShouldBe("200");
        string saw = result.NodeSaw.ShouldHaveSingleItem();
        saw.ShouldStartWith("GET / HTTP/1.1\r\nHost: 127.0.0.1:");
        saw.ShouldNotContain("X-Forwarded-Host");
        saw.ShouldNotContain("smuggled");
    }
}
