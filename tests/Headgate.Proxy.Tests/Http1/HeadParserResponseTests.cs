using Headgate.Proxy.Http1;
using HttpMethod = Headgate.Proxy.Http1.HttpMethod;

namespace Headgate.Proxy.Tests.Http1;

/// <summary>What an accepted response head means.</summary>
public sealed class HeadParserResponseTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK", 200, "OK")]
    [InlineData("HTTP/1.1 200 ", 200, "")]
    [InlineData("HTTP/1.1 200", 200, "")]
    [InlineData("HTTP/1.0 599 Caf\u00e9 \t x", 599, "Caf\u00e9 \t x")]
    [InlineData("HTTP/1.1 100 Continue", 100, "Continue")]
    public void ParseResponse_StatusLine_IsRead(string line, int status, string reason)
    {
        ResponseHead head = Heads.Response(line + "\r\n\r\n");

        head.Status.ShouldBe(status);
        Heads.Text(head.Reason).ShouldBe(reason);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", HttpMethod.Get, BodyFraming.Length, 5, true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", HttpMethod.Get, BodyFraming.Chunked, -1, true)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", HttpMethod.Get, BodyFraming.UntilClose, -1, false)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\n", HttpMethod.Get, BodyFraming.UntilClose, -1, false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", HttpMethod.Get, BodyFraming.Length, 0, false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n", HttpMethod.Get, BodyFraming.Length, 5, false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n", HttpMethod.Get, BodyFraming.Length, 5, true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", HttpMethod.Head, BodyFraming.None, 5, true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", HttpMethod.Head, BodyFraming.None, -1, true)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", HttpMethod.Head, BodyFraming.None, -1, true)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", HttpMethod.Get, BodyFraming.None, 5, true)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", HttpMethod.Get, BodyFraming.None, -1, true)]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", HttpMethod.Get, BodyFraming.None, -1, true)]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 1\r\n\r\n", HttpMethod.Get, BodyFraming.None, -1, false)]
    [InlineData("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", HttpMethod.Get, BodyFraming.None, -1, false)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n", HttpMethod.Post, BodyFraming.None, -1, true)]
    [InlineData("HTTP/1.1 205 Reset\r\nContent-Length: 0\r\n\r\n", HttpMethod.Post, BodyFraming.Length, 0, true)]
    public void ParseResponse_Framing_FollowsRfc9112(string text, HttpMethod request, BodyFraming framing, long length, bool keepAlive)
    {
        ResponseHead head = Heads.Response(text, request);

        (head.Framing, head.ContentLength, head.KeepAlive).ShouldBe((framing, length, keepAlive));
    }

    [Theory]
    [InlineData("HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", true)]
    [InlineData("HTTP/1.1 101 S\r\nUpgrade: websocket\r\n\r\n", false)]
    [InlineData("HTTP/1.1 101 S\r\nConnection: upgrade\r\n\r\n", false)]
    [InlineData("HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 S\r\nConnection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n", false)]
    public void ParseResponse_Upgrade_NeedsEveryPart(string text, bool isUpgrade) => Heads.Response(text).IsUpgrade.ShouldBe(isUpgrade);

    [Fact]
    public void ParseResponse_Date_IsNoticed()
    {
        Heads.Response("HTTP/1.1 200 OK\r\nDATE: x\r\nContent-Length: 0\r\n\r\n").HasDate.ShouldBeTrue();
        Heads.Response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").HasDate.ShouldBeFalse();
    }

    [Fact]
    public void ParseResponse_BytesBehindTheHead_AreNotConsumed()
    {
        const string head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";

        Heads.ParseResponse(head + "hello", out _).ShouldBe(new HeadResult(HeadStatus.Complete, head.Length, 0, null));
    }
}
