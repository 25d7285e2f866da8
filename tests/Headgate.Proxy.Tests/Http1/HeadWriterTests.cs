using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Tests.Http1;

/// <summary>The exact bytes that go to nodes and clients.</summary>
public sealed class HeadWriterTests
{
    [Fact]
    public void WriteRequest_PlainGet_KeepsLinesAndAddsTheGatewaysOwn()
    {
        string sent = Write("GET /a?b HTTP/1.0\r\nHost: pub.example:9080\r\nAccept:  */* \r\nUser-Agent: x\r\n\r\n", Forwarding());

        sent.ShouldBe(
            "GET /a?b HTTP/1.1\r\nHost: node:81\r\nAccept:  */* \r\nUser-Agent: x\r\nX-Real-IP: 10.0.0.9\r\nX-Forwarded-For: 10.0.0.9\r\n"
            + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: pub.example\r\nX-Forwarded-Port: 9080\r\n\r\n");
    }

    [Fact]
    public void WriteRequest_EveryFieldOfOurs_IsReplacedOrLeftOut()
    {
        string sent = Write(
            "POST / HTTP/1.1\r\nConnection: close, X-Hop\r\nA: 1\r\nHost: h\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\nB: 2\r\nC: 3\r\n"
            + "Proxy-Authorization: s\r\nTE: gzip\r\nTrailer: x\r\nUpgrade: h2c\r\nExpect: 100-continue\r\nContent-Length: 3\r\nX-Real-IP: 6.6.6.6\r\n"
            + "X-Forwarded-For: 1.1.1.1, 2.2.2.2\r\nX-Forwarded-Proto: gopher\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Port: 1\r\nx-forwarded-for: 3.3.3.3\r\nD: 4\r\n\r\n",
            Forwarding() with { Framing = BodyFraming.Length, ContentLength = 3 });

        sent.ShouldBe(
            "POST / HTTP/1.1\r\nHost: node:81\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nX-Real-IP: 10.0.0.9\r\n"
            + "X-Forwarded-For: 1.1.1.1, 2.2.2.2, 3.3.3.3, 10.0.0.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: pub.example\r\n"
            + "X-Forwarded-Port: 9080\r\nContent-Length: 3\r\n\r\n");
    }

    [Fact]
    public void WriteRequest_ChunkedWithTrailers_SaysSo_AndLeavesExpectToTheGateway()
    {
        string sent = Write(
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nTE: deflate, trailers\r\nExpect: 100-continue\r\n\r\n",
            Forwarding() with { Framing = BodyFraming.Chunked, ForwardedHost = default });

        sent.ShouldBe(
            "POST / HTTP/1.1\r\nHost: node:81\r\nTrailer: X-Sum\r\nX-Real-IP: 10.0.0.9\r\nX-Forwarded-For: 10.0.0.9\r\nX-Forwarded-Proto: https\r\n"
            + "X-Forwarded-Port: 9080\r\nTransfer-Encoding: chunked\r\nConnection: TE\r\nTE: trailers\r\n\r\n");
    }

    [Fact]
    public void WriteRequest_Upgrade_PassesTheHandshake()
    {
        string sent = Write(
            "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\nSec-WebSocket-Version: 13\r\n\r\n",
            Forwarding() with { Upgrade = true });

        sent.ShouldContain("\r\nSec-WebSocket-Key: k\r\nSec-WebSocket-Version: 13\r\n");
        sent.ShouldEndWith("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    }

    [Theory]
    [InlineData("GET http://h?x=1 HTTP/1.1", "GET /?x=1 HTTP/1.1")]
    [InlineData("OPTIONS http://h HTTP/1.1", "OPTIONS * HTTP/1.1")]
    [InlineData("GET /a/../%62//c HTTP/1.1", "GET /a/../%62//c HTTP/1.1")]
    public void WriteRequest_Target_IsOriginFormAndOtherwiseAsSent(string line, string sent) =>
        Write(line + "\r\nHost: h\r\n\r\n", Forwarding()).ShouldStartWith(sent + "\r\nHost: node:81\r\n");

    [Theory]
    [InlineData("a\r\nX: y")]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    public void WriteRequest_ControlByteInAValueOfOurs_Throws(string value)
    {
        byte[] bytes = Heads.Bytes(value);

        Should.Throw<ArgumentException>(() => Write("GET / HTTP/1.1\r\nHost: h\r\n\r\n", Forwarding() with { Host = bytes }));
        Should.Throw<ArgumentException>(() => Write("GET / HTTP/1.1\r\nHost: h\r\n\r\n", Forwarding() with { ForwardedHost = bytes }));
        Should.Throw<ArgumentException>(() => Write("GET / HTTP/1.1\r\nHost: h\r\n\r\n", Forwarding() with { ClientAddress = bytes }));
        Should.Throw<ArgumentException>(() => Write("GET / HTTP/1.1\r\nHost: h\r\n\r\n", Forwarding() with { ForwardedProto = bytes }));
    }

    [Fact]
    public void WriteResponse_Node_IsPassedOnWithOurServer()
    {
        string sent = WriteBack(
            "HTTP/1.0 404 Nope \u00e9\r\nServer: old\r\nContent-Length: 5\r\nX-Apisix-Upstream-Status: 1\r\nA: 1\r\nConnection: keep-alive, Z\r\nKeep-Alive: 1\r\n"
            + "Z: 1\r\nUpgrade: h2\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nDate: then\r\nTrailer: t\r\n\r\n",
            Back() with { Framing = BodyFraming.Length, ContentLength = 5 });

        sent.ShouldBe(
            "HTTP/1.1 404 Nope \u00e9\r\nA: 1\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nDate: then\r\nServer: Headgate/1\r\nContent-Length: 5\r\n\r\n");
    }

    [Theory]
    [InlineData(1, true, "")]
    [InlineData(1, false, "Connection: close\r\n")]
    [InlineData(0, true, "Connection: keep-alive\r\n")]
    [InlineData(0, false, "Connection: close\r\n")]
    public void WriteResponse_Connection_IsWhatTheClientsVersionNeeds(int minor, bool keepAlive, string field) =>
        WriteBack("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: t\r\n\r\n", Back() with { VersionMinor = minor, KeepAlive = keepAlive, Framing = BodyFraming.Chunked })
            .ShouldBe("HTTP/1.1 200 OK\r\nTrailer: t\r\nDate: now\r\nServer: Headgate/1\r\nTransfer-Encoding: chunked\r\n" + field + "\r\n");

    [Theory]
    [InlineData("HTTP/1.1 304 Not Modified", 12, "Content-Length: 12\r\n")]
    [InlineData("HTTP/1.1 304 Not Modified", -1, "")]
    [InlineData("HTTP/1.1 204 No Content", 0, "")]
    public void WriteResponse_NoBody_AnnouncesOnlyWhatItMay(string line, long length, string field) =>
        WriteBack(line + "\r\n\r\n", Back() with { Framing = BodyFraming.None, ContentLength = length })
            .ShouldBe(line + "\r\nDate: now\r\nServer: Headgate/1\r\n" + field + "\r\n");

    [Fact]
    public void WriteResponse_InterimHead_GetsNothingAdded() =>
        WriteBack("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nServer: x\r\nConnection: close\r\n\r\n", Back() with { KeepAlive = false })
            .ShouldBe("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");

    [Fact]
    public void WriteResponse_UpgradeAndUpstreamStatus_AreWritten() =>
        WriteBack(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n",
            Back() with { Upgrade = true, UpstreamStatus = "502, 101"u8 })
            .ShouldBe(
                "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: x\r\nDate: now\r\nServer: Headgate/1\r\nX-APISIX-Upstream-Status: 502, 101\r\n"
                + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n");

    private static RequestForwarding Forwarding() => new()
    {
        Host = "node:81"u8,
        ClientAddress = "10.0.0.9"u8,
        ForwardedProto = "https"u8,
        ForwardedHost = "pub.example"u8,
        ForwardedPort = 9080,
    };

    private static ResponseForwarding Back() => new() { VersionMinor = 1, ContentLength = -1, KeepAlive = true, Server = "Headgate/1"u8, Date = "now"u8 };

    private static string Write(string text, RequestForwarding forwarding)
    {
        RequestHead head = Heads.Request(text);
        byte[] bytes = new byte[HeadWriter.RequestSizeMax(head, forwarding)];
        return Heads.Text(bytes.AsSpan(0, HeadWriter.WriteRequest(bytes, head, forwarding)));
    }

    private static string WriteBack(string text, ResponseForwarding forwarding)
    {
        ResponseHead head = Heads.Response(text);
        byte[] bytes = new byte[HeadWriter.ResponseSizeMax(head, forwarding)];
        return Heads.Text(bytes.AsSpan(0, HeadWriter.WriteResponse(bytes, head, forwarding)));
    }
}
