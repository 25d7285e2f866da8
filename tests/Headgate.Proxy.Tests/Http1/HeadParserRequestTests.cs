using Headgate.Proxy.Http1;
using HttpMethod = Headgate.Proxy.Http1.HttpMethod;

namespace Headgate.Proxy.Tests.Http1;

/// <summary>What an accepted request head means.</summary>
public sealed class HeadParserRequestTests
{
    [Fact]
    public void ParseRequest_BrowserHead_FindsEveryPart()
    {
        RequestHead head = Heads.Request(
            "GET /a/b.html?x=1&y=%20 HTTP/1.1\r\nHost: Shop.Example:8080\r\nUser-Agent: Mozilla/5.0 (X11)\r\nAccept:*/*\r\nX-Empty:\r\n"
            + "X-Pad:  \t two words \t \r\n\r\n");

        head.MethodKind.ShouldBe(HttpMethod.Get);
        Heads.Text(head.Method).ShouldBe("GET");
        Heads.Text(head.RequestUri).ShouldBe("/a/b.html?x=1&y=%20");
        Heads.Text(head.Path).ShouldBe("/a/b.html");
        Heads.Text(head.Query).ShouldBe("x=1&y=%20");
        Heads.Text(head.Host).ShouldBe("shop.example");
        Heads.Text(head.Authority).ShouldBe("Shop.Example:8080");
        head.HostPort.ShouldBe(8080);
        head.VersionMinor.ShouldBe(1);
        head.KeepAlive.ShouldBeTrue();
        head.Framing.ShouldBe(BodyFraming.None);
        head.ContentLength.ShouldBe(-1);
        head.FieldCount.ShouldBe(5);
        head.TryGet("x-pad"u8, out ReadOnlySpan<byte> padded).ShouldBeTrue();
        Heads.Text(padded).ShouldBe("two words");
        head.TryGet("x-empty"u8, out ReadOnlySpan<byte> empty).ShouldBeTrue();
        empty.Length.ShouldBe(0);
        head.TryGet("x-none"u8, out _).ShouldBeFalse();
    }

    [Fact]
    public void ParseRequest_BytesBehindTheHead_AreNotConsumed()
    {
        const string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";

        HeadResult result = Heads.ParseRequest(head + "helloGET / HTTP/1.1\r\n", out RequestHead parsed);

        result.ShouldBe(new HeadResult(HeadStatus.Complete, head.Length, 0, null));
        (parsed.Framing, parsed.ContentLength, parsed.Length).ShouldBe((BodyFraming.Length, 5, head.Length));
    }

    [Fact]
    public void ParseRequest_ReceivedBytesOverwritten_HeadKeepsItsOwn()
    {
        byte[] bytes = Heads.Bytes("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
        RequestHead head = new();
        HeadParser.ParseRequest(bytes, head, HeadLimits.Default).Status.ShouldBe(HeadStatus.Complete);

        Array.Fill(bytes, (byte)'?');

        Heads.Text(head.Path).ShouldBe("/x");
        Heads.Text(head.Host).ShouldBe("a");
    }

    [Fact]
    public void ParseRequest_SameHeadObjectAgain_NothingOfTheLastMessageIsLeft()
    {
        RequestHead head = Heads.Request(
            "POST /%61?q HTTP/1.1\r\nHost: a.b:1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\nTE: trailers\r\nConnection: close\r\n\r\n");
        (head.ExpectContinue, head.AcceptsTrailers, head.KeepAlive, head.Framing).ShouldBe((true, true, false, BodyFraming.Chunked));

        HeadParser.ParseRequest("GET /b HTTP/1.0\r\n\r\n"u8, head, HeadLimits.Default).Status.ShouldBe(HeadStatus.Complete);

        (head.ExpectContinue, head.AcceptsTrailers, head.KeepAlive, head.Framing).ShouldBe((false, false, false, BodyFraming.None));
        (head.FieldCount, head.HostPort, head.Query.Length, head.Host.Length, head.Authority.Length).ShouldBe((0, -1, 0, 0, 0));
        Heads.Text(head.Path).ShouldBe("/b");
    }

    [Theory]
    [InlineData("GET", HttpMethod.Get)]
    [InlineData("HEAD", HttpMethod.Head)]
    [InlineData("POST", HttpMethod.Post)]
    [InlineData("PUT", HttpMethod.Put)]
    [InlineData("DELETE", HttpMethod.Delete)]
    [InlineData("PATCH", HttpMethod.Patch)]
    [InlineData("OPTIONS", HttpMethod.Options)]
    [InlineData("TRACE", HttpMethod.Trace)]
    [InlineData("PURGE", HttpMethod.Purge)]
    [InlineData("get", HttpMethod.Other)]
    [InlineData("M-SEARCH", HttpMethod.Other)]
    public void ParseRequest_Method_IsKnownByItsExactName(string method, HttpMethod kind)
    {
        RequestHead head = Heads.Request(method + " / HTTP/1.1\r\nHost: a\r\n\r\n");

        head.MethodKind.ShouldBe(kind);
        Heads.Text(head.Method).ShouldBe(method);
    }

    [Theory]
    [InlineData("1.1", "", true)]
    [InlineData("1.1", "Connection: keep-alive\r\n", true)]
    [InlineData("1.1", "Connection: Close\r\n", false)]
    [InlineData("1.1", "Connection: x, , close\r\n", false)]
    [InlineData("1.1", "Connection: keep-alive\r\nConnection: close\r\n", false)]
    [InlineData("1.0", "", false)]
    [InlineData("1.0", "Connection: Keep-Alive\r\n", true)]
    [InlineData("1.0", "Connection: keep-alive, close\r\n", false)]
    public void ParseRequest_Connection_DecidesKeepAlive(string version, string field, bool keepAlive) =>
        Heads.Request($"GET / HTTP/{version}\r\nHost: a\r\n{field}\r\n").KeepAlive.ShouldBe(keepAlive);

    [Fact]
    public void ParseRequest_ConnectionNamesFields_OnlyFieldsWithoutAMeaningHereAreMarked()
    {
        RequestHead head = Heads.Request(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nX-Hop: 1\r\nX-Forwarded-For: 1.2.3.4\r\nX-Stay: 1\r\n"
            + "Connection: x-hop, Host, Content-Length, X-Forwarded-For, unheard-of\r\nx-HOP: 2\r\n\r\n");

        head.Fields.ToArray().Select(f => f.Known).ShouldBe(
        [
            KnownHeader.Host, KnownHeader.ContentLength, KnownHeader.NamedByConnection, KnownHeader.XForwardedFor, KnownHeader.Other,
            KnownHeader.Connection, KnownHeader.NamedByConnection,
        ]);
    }

    [Theory]
    [InlineData("a", "a", -1)]
    [InlineData("EXAMPLE.com.", "example.com", -1)]
    [InlineData("a:", "a", -1)]
    [InlineData("a:65535", "a", 65535)]
    [InlineData("127.0.0.1:80", "127.0.0.1", 80)]
    [InlineData("[::1]", "[::1]", -1)]
    [InlineData("[2001:DB8::1]:443", "[2001:db8::1]", 443)]
    [InlineData("my_host-1", "my_host-1", -1)]
    public void ParseRequest_Host_IsLoweredAndSplit(string value, string host, int port)
    {
        RequestHead head = Heads.Request($"GET / HTTP/1.1\r\nHost: {value}\r\n\r\n");

        Heads.Text(head.Host).ShouldBe(host);
        head.HostPort.ShouldBe(port);
        Heads.Text(head.Authority).ShouldBe(value);
    }

    [Theory]
    [InlineData("GET http://a/x?y HTTP/1.1", "/x?y", "/x", "y")]
    [InlineData("GET HTTP://A:80/x HTTP/1.1", "/x", "/x", "")]
    [InlineData("GET http://a HTTP/1.1", "/", "/", "")]
    [InlineData("GET http://a?q=/ HTTP/1.1", "/?q=/", "/", "q=/")]
    [InlineData("OPTIONS http://a HTTP/1.1", "*", "*", "")]
    [InlineData("OPTIONS http://a/ HTTP/1.1", "/", "/", "")]
    [InlineData("OPTIONS * HTTP/1.1", "*", "*", "")]
    [InlineData("GET /? HTTP/1.1", "/?", "/", "")]
    [InlineData("GET /x??y HTTP/1.1", "/x??y", "/x", "?y")]
    [InlineData("GET /x|{}\"<>^`\\ HTTP/1.1", "/x|{}\"<>^`\\", "/x|{}\"<>^`\\", "")]
    public void ParseRequest_TargetForms_AreReducedToOrigin(string line, string uri, string path, string query)
    {
        RequestHead head = Heads.Request(line + "\r\nHost: a\r\n\r\n");

        Heads.Text(head.RequestUri).ShouldBe(uri);
        Heads.Text(head.Path).ShouldBe(path);
        Heads.Text(head.Query).ShouldBe(query);
        Heads.Text(head.Authority).ShouldBe("a");
    }

    [Fact]
    public void ParseRequest_AbsoluteFormInHttp10WithoutHost_TargetNamesTheHost()
    {
        RequestHead head = Heads.Request("GET http://Only.Here:81/x HTTP/1.0\r\n\r\n");

        Heads.Text(head.Host).ShouldBe("only.here");
        Heads.Text(head.Authority).ShouldBe("Only.Here:81");
        head.HostPort.ShouldBe(81);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r\n\r\n")]
    public void ParseRequest_OneOrTwoEmptyLinesBefore_AreConsumed(string lines) => Heads.Request(lines + "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, upgrade\r\nUpgrade: websocket\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket, h2c\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c\r\n\r\n", false)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.0\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", false)]
    public void ParseRequest_WebSocket_NeedsEveryPart(string text, bool isUpgrade) => Heads.Request(text).IsWebSocketUpgrade.ShouldBe(isUpgrade);

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-Continue\r\n\r\n", true)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n", false)]
    [InlineData("POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n", false)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", false)]
    public void ParseRequest_Expect_CountsWithABodyInHttp11(string text, bool expects) => Heads.Request(text).ExpectContinue.ShouldBe(expects);

    [Theory]
    [InlineData("Content-Length: 0", BodyFraming.Length, 0)]
    [InlineData("Content-Length: 007", BodyFraming.Length, 7)]
    [InlineData("Content-Length: 9223372036854775807", BodyFraming.Length, long.MaxValue)]
    [InlineData("Transfer-Encoding: chunked", BodyFraming.Chunked, -1)]
    [InlineData("TRANSFER-ENCODING: \tChunked ", BodyFraming.Chunked, -1)]
    public void ParseRequest_Framing_IsReadFromTheFields(string field, BodyFraming framing, long length)
    {
        RequestHead head = Heads.Request($"POST / HTTP/1.1\r\nHost: a\r\n{field}\r\n\r\n");

        (head.Framing, head.ContentLength).ShouldBe((framing, length));
    }

    [Fact]
    public void ParseRequest_BytesAbove127InValues_AreKept()
    {
        RequestHead head = Heads.Request("GET / HTTP/1.1\r\nHost: a\r\nX-Name: caf\u00e9\u00ff\u0080\r\n\r\n");

        head.TryGet("x-name"u8, out ReadOnlySpan<byte> value).ShouldBeTrue();
        Heads.Text(value).ShouldBe("caf\u00e9\u00ff\u0080");
    }
}
