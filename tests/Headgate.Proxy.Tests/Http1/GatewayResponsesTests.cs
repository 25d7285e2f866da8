using Headgate.Proxy.Http1;
using HttpMethod = Headgate.Proxy.Http1.HttpMethod;

namespace Headgate.Proxy.Tests.Http1;

/// <summary>The answers that the gateway makes itself.</summary>
public sealed class GatewayResponsesTests
{
    [Fact]
    public void Write_RouteNotFound_IsApisixsAnswer() =>
        Write(Answer(404)).ShouldBe(
            "HTTP/1.1 404 Not Found\r\nDate: now\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 36\r\nServer: Headgate/1\r\n\r\n"
            + "{\"error_msg\":\"404 Route Not Found\"}\n");

    [Fact]
    public void Write_Reason_BecomesTheErrorText() =>
        Write(Answer(400) with { Reason = HeadFault.HostMissing.Reason, KeepAlive = false }).ShouldEndWith(
            "\r\nConnection: close\r\n\r\n{\"error_msg\":\"The Host field is missing; HTTP/1.1 requires exactly one.\"}\n");

    [Fact]
    public void Write_ReasonThatNeedsEscapes_CannotBreakTheJson() => Write(Answer(400) with { Reason = "a\"b\\c\n\u00e9" }).ShouldEndWith("{\"error_msg\":\"a?b?c??\"}\n");

    [Fact]
    public void Write_BadGateway_IsAPageWithTheTries()
    {
        string sent = Write(Answer(502) with { UpstreamStatus = "502, 502"u8, VersionMinor = 0 });

        sent.ShouldContain("\r\nContent-Type: text/html; charset=utf-8\r\n");
        sent.ShouldContain("\r\nX-APISIX-Upstream-Status: 502, 502\r\nConnection: keep-alive\r\n\r\n<!doctype html>");
    }

    [Fact]
    public void Write_OwnBody_IsSentWithItsType() =>
        Write(Answer(200) with { Body = "hi"u8, ContentType = "text/x"u8 })
            .ShouldBe("HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: text/x\r\nContent-Length: 2\r\nServer: Headgate/1\r\n\r\nhi");

    [Fact]
    public void Write_HeadOnly_AnnouncesTheBody()
    {
        string sent = Write(Answer(404) with { HeadOnly = true });

        sent.ShouldContain("Content-Length: 36\r\n");
        sent.ShouldEndWith("\r\n\r\n");
    }

    [Fact]
    public void Write_EveryStatus_IsAWholeAnswerOfTheCodec()
    {
        for (int status = 200; status <= 599; status++)
        {
            string sent = Write(Answer(status));
            HeadResult result = Heads.ParseResponse(sent, out ResponseHead head, HttpMethod.Get);
            (result.Status, head.Status).ShouldBe((HeadStatus.Complete, status));
            if (status is not (204 or 304))
                head.ContentLength.ShouldBe(sent.Length - result.Consumed);
        }

        foreach (int status in (int[])[400, 404, 408, 413, 414, 417, 431, 500, 501, 502, 503, 504, 505])
            Heads.Response(Write(Answer(status) with { HeadOnly = true })).ContentLength.ShouldBeGreaterThan(10, $"{status}");
    }

    [Fact]
    public void Write_ControlByteInAValue_Throws() => Should.Throw<ArgumentException>(() => Write(Answer(200) with { Server = "a\r\nb"u8 }));

    [Fact]
    public void Write_Continue_IsAnInterimHead() => Heads.Response(Heads.Text(GatewayResponses.Continue)).Status.ShouldBe(100);

    private static GatewayAnswer Answer(int status) => new() { Status = status, VersionMinor = 1, KeepAlive = true, Server = "Headgate/1"u8, Date = "now"u8 };

    private static string Write(GatewayAnswer answer)
    {
        byte[] bytes = new byte[GatewayResponses.SizeMax(answer)];
        return Heads.Text(bytes.AsSpan(0, GatewayResponses.Write(bytes, answer)));
    }
}
