using System.Text.Json;
using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Tests.Http1;

/// <summary>The answers that the gateway makes itself.</summary>
public sealed class GatewayHeadTests
{
    [Fact]
    public void Write_RouteNotFound_IsApisixsAnswer()
    {
        Standard(404).ShouldBe(
            "HTTP/1.1 404 Not Found\r\nDate: now\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 36\r\nServer: Headgate/1\r\n\r\n"
            + "{\"error_msg\":\"404 Route Not Found\"}\n");
    }

    [Fact]
    public void Write_BadGateway_IsAPageWithTheTries()
    {
        string sent = Standard(502);

        sent.ShouldContain("\r\nContent-Type: text/html; charset=utf-8\r\n");
        sent.ShouldContain("<h1>502 Bad Gateway</h1>");
        Write(Head(502) with { UpstreamStatus = "502, 502"u8, VersionMinor = 0 }).ShouldEndWith("\r\nX-APISIX-Upstream-Status: 502, 502\r\nConnection: keep-alive\r\n\r\n");
    }

    [Fact]
    public void Write_EveryStatus_IsAnAnswerThatTheCodecReads()
    {
        for (int status = 200; status <= 599; status++)
        {
            string sent = Standard(status);
            HeadResult result = Heads.ParseResponse(sent, out ResponseHead head);
            (result.Status, head.Status).ShouldBe((HeadStatus.Complete, status));
            if (status is not (204 or 304))
                head.ContentLength.ShouldBe(sent.Length - result.Consumed);
        }

        foreach (int status in (int[])[400, 404, 408, 413, 414, 417, 431, 500, 501, 502, 503, 504, 505])
        {
            GatewayBodies.Body(status).Length.ShouldBeGreaterThan(20, $"{status}");
            GatewayBodies.Phrase(status).Length.ShouldBeGreaterThan(5, $"{status}");
        }
    }

    [Fact]
    public void Write_ValuesOfTheDocumentedSize_FitIntoSizeMax()
    {
        byte[] value = Heads.Bytes(new string('x', 128));

        Write(Head(431) with { Server = value, ContentType = value, UpstreamStatus = value, Date = value, ContentLength = long.MaxValue, KeepAlive = false })
            .Length.ShouldBeGreaterThan(512);
    }

    [Fact]
    public void Write_ControlByteInAValue_Throws() => Should.Throw<ArgumentException>(() => Write(Head(200) with { Server = "a\r\nb"u8 }));

    [Fact]
    public void WriteReason_Fault_BecomesApisixsErrorText() => Reason(HeadFault.HostMissing.Reason).ShouldBe("{\"error_msg\":\"The Host field is missing; HTTP/1.1 requires exactly one.\"}\n");

    [Fact]
    public void WriteReason_WhatNeedsEscapes_CannotBreakTheJson()
    {
        Reason("a\"b\\c\n\u00e9").ShouldBe("{\"error_msg\":\"a?b?c??\"}\n");
        JsonDocument.Parse(Reason("a\"b\\c\n\u00e9")).RootElement.GetProperty("error_msg").GetString().ShouldBe("a?b?c??");
    }

    private static GatewayHead Head(int status) => new() { Status = status, VersionMinor = 1, KeepAlive = true, Server = "Headgate/1"u8, Date = "now"u8 };

    private static string Standard(int status) =>
        Write(Head(status) with { ContentType = GatewayBodies.ContentType(status), ContentLength = GatewayBodies.Body(status).Length }) + Heads.Text(GatewayBodies.Body(status));

    private static string Write(GatewayHead head)
    {
        byte[] bytes = new byte[GatewayHead.SizeMax];
        return Heads.Text(bytes.AsSpan(0, head.Write(bytes)));
    }

    private static string Reason(string reason)
    {
        byte[] bytes = new byte[GatewayBodies.ReasonSize(reason)];
        GatewayBodies.WriteReason(bytes, reason).ShouldBe(bytes.Length);
        return Heads.Text(bytes);
    }
}
