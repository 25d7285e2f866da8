using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Tests.Http1;

/// <summary>Each limit at its edge: what just fits is served, one byte more is refused, and no more is waited for than could still fit.</summary>
public sealed class HeadLimitsTests
{
    private static readonly HeadLimits Small = new(StartLineBytesMax: 40, HeadBytesMax: 100, FieldsMax: 3);

    [Fact]
    public void ParseRequest_StartLine_FitsToTheByte()
    {
        string fits = Line(40);
        fits.Length.ShouldBe(40);

        Heads.ParseRequest(fits + "\r\nHost: a\r\n\r\n", out _, Small).Status.ShouldBe(HeadStatus.Complete);
        Refuses(Line(41) + "\r\nHost: a\r\n\r\n", 414, "The request line is longer");
        Refuses(Line(4000) + "\r\nHost: a\r\n\r\n", 414, "The request line is longer");
    }

    [Fact]
    public void ParseRequest_StartLineWithoutEnd_IsRefusedOnceItCannotFit()
    {
        string open = "GET /" + new string('x', 200);

        Heads.ParseRequest(open[..41], out _, Small).Status.ShouldBe(HeadStatus.Incomplete);
        Refuses(open[..42], 414, "The request line is longer");
        Refuses(new string('G', 42), 414, "The request line is longer");
        Refuses("GET /" + new string('x', 35) + " H", 414, "The request line is longer");
    }

    [Fact]
    public void ParseRequest_Head_FitsToTheByte()
    {
        Heads.ParseRequest(Head(100), out _, Small).ShouldBe(new HeadResult(HeadStatus.Complete, 100, 0, null));
        Heads.ParseRequest("\r\n" + Head(100), out _, Small).ShouldBe(new HeadResult(HeadStatus.Complete, 102, 0, null));
        Refuses(Head(101), 431, "The head is larger");
        Refuses(Head(5000), 431, "The head is larger");
    }

    [Fact]
    public void ParseRequest_HeadWithoutEnd_IsRefusedOnceItCannotFit()
    {
        string open = "GET / HTTP/1.1\r\nHost: a\r\nX: " + new string('x', 500);

        Heads.ParseRequest(open[..99], out _, Small).Status.ShouldBe(HeadStatus.Incomplete);
        Refuses(open[..100], 431, "The head is larger");
        Refuses(open, 431, "The head is larger");
        Refuses("GET / HTTP/1.1\r\n" + new string('n', 500), 431, "The head is larger");
    }

    [Fact]
    public void ParseRequest_Fields_AreCounted()
    {
        Heads.ParseRequest("GET / HTTP/1.1\r\nHost: a\r\nB:\r\nC:\r\n\r\n", out _, Small).Status.ShouldBe(HeadStatus.Complete);
        Refuses("GET / HTTP/1.1\r\nHost: a\r\nB:\r\nC:\r\nD:\r\n\r\n", 431, "The head has more header fields");
        Refuses("GET / HTTP/1.1\r\nHost: a\r\nB:\r\nC:\r\nD:\r\n", 431, "The head has more header fields");
    }

    [Fact]
    public void ParseResponse_Limits_AreTheSameWith502()
    {
        const string line = "HTTP/1.1 200 OK\r\n";
        string fits = line + "X: " + new string('x', 100 - line.Length - 7) + "\r\n\r\n";

        Heads.ParseResponse(fits, out _, limits: Small).ShouldBe(new HeadResult(HeadStatus.Complete, 100, 0, null));
        Heads.ParseResponse(line + "X" + fits[line.Length..], out _, limits: Small).ShouldBe(new HeadResult(HeadStatus.Bad, 0, 502, HeadFault.HeadLong.Reason));
        Heads.ParseResponse("HTTP/1.1 200 " + new string('x', 87), out _, limits: Small).ShouldBe(new HeadResult(HeadStatus.Bad, 0, 502, HeadFault.HeadLong.Reason));
        Heads.ParseResponse(line + "A:\r\nB:\r\nC:\r\nD:\r\n\r\n", out _, limits: Small).ErrorStatus.ShouldBe(502);
    }

    [Fact]
    public void Default_Limits_AreTheDocumentedOnes()
    {
        HeadLimits.Default.ShouldBe(new HeadLimits(8192, 32768, 100));
        string most = "GET / HTTP/1.1\r\nHost: a\r\n" + string.Concat(Enumerable.Repeat("X: 1\r\n", 99));
        Heads.ParseRequest(most + "\r\n", out _).Status.ShouldBe(HeadStatus.Complete);
        Heads.ParseRequest(most + "X: 1\r\n\r\n", out _).ErrorStatus.ShouldBe(431);
    }

    private static string Line(int length) => "GET /" + new string('x', length - "GET / HTTP/1.1".Length) + " HTTP/1.1";

    private static string Head(int length)
    {
        const string start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
        return start + new string('x', length - start.Length - 4) + "\r\n\r\n";
    }

    private static void Refuses(string text, int status, string reason)
    {
        HeadResult result = Heads.ParseRequest(text, out _, Small);
        (result.Status, result.ErrorStatus, result.Consumed).ShouldBe((HeadStatus.Bad, status, 0));
        result.Reason.ShouldNotBeNull().ShouldStartWith(reason);
    }
}
