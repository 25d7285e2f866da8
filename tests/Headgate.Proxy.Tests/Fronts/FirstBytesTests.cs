using System.Net;
using System.Text;
using Headgate.Proxy.Fronts;
using Headgate.Proxy.Tests.Transport.Loops;

namespace Headgate.Proxy.Tests.Fronts;

/// <summary>Who serves a connection, by what it says first.</summary>
public sealed class FirstBytesTests
{
    private static readonly ProxyListener Http = new(new IPEndPoint(IPAddress.Loopback, 80), Https: false);
    private static readonly ProxyListener Https = new(new IPEndPoint(IPAddress.Loopback, 443), Https: true);

    [Theory]
    [InlineData("", FirstBytesVerdict.Wait)]
    [InlineData("P", FirstBytesVerdict.Wait)]
    [InlineData("PR", FirstBytesVerdict.Wait)]
    [InlineData("PRI * HTTP/2.0\r", FirstBytesVerdict.Wait)]
    [InlineData("PRI * HTTP/2.0\r\n", FirstBytesVerdict.Kestrel)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", FirstBytesVerdict.Kestrel)]
    [InlineData("G", FirstBytesVerdict.OwnLoop)]
    [InlineData("PO", FirstBytesVerdict.OwnLoop)]
    [InlineData("PRI * HTTP/1.1\r\n", FirstBytesVerdict.OwnLoop)]
    [InlineData("pri * HTTP/2.0\r\n", FirstBytesVerdict.OwnLoop)]
    [InlineData("\u0016\u0003\u0001", FirstBytesVerdict.OwnLoop)]
    internal void Judge_ClearText_ByThePreface(string peeked, FirstBytesVerdict verdict)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(peeked);
        FirstBytes.Judge(Http, bytes, ended: false).ShouldBe(verdict);
        FirstBytes.Judge(Http, bytes, ended: true).ShouldBe(verdict == FirstBytesVerdict.Wait ? FirstBytesVerdict.OwnLoop : verdict);
    }

    [Fact]
    public void Judge_Tls_ByWhatIsOffered()
    {
        Tls(new HelloBytes { Protocols = ["h2", "http/1.1"] }.Record()).ShouldBe(FirstBytesVerdict.Kestrel);
        Tls(new HelloBytes { Protocols = ["http/1.1"] }.Record()).ShouldBe(FirstBytesVerdict.OwnLoop);
        Tls(new HelloBytes { Protocols = ["acme-tls/1"] }.Record()).ShouldBe(FirstBytesVerdict.OwnLoop);
        Tls(new HelloBytes().Record()).ShouldBe(FirstBytesVerdict.OwnLoop);
        byte[] half = new HelloBytes { Protocols = ["h2"] }.Record()[..50];
        Tls(half).ShouldBe(FirstBytesVerdict.Wait);
        FirstBytes.Judge(Https, half, ended: true).ShouldBe(FirstBytesVerdict.OwnLoop);
        Tls([.. HelloBytes.Record(half), .. HelloBytes.Record(half)]).ShouldBe(FirstBytesVerdict.Kestrel);
        Tls([1, 2, 3]).ShouldBe(FirstBytesVerdict.Kestrel);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", true)]
    [InlineData("x", true)]
    [InlineData("PRI * HTTP/2.0\r\n", true)]
    [InlineData("\u0016\u0003\u0001", false)]
    [InlineData("\u0080\u002e\u0001", false)]
    [InlineData("\r\n", false)]
    public void Judge_ClearTextOnTls_IsKnownByItsFirstByte(string peeked, bool clear)
    {
        foreach (bool http2 in (bool[])[false, true])
        {
            ProxyListener listener = Https with { Http2 = http2 };
            (FirstBytes.Judge(listener, Encoding.Latin1.GetBytes(peeked), ended: true) == FirstBytesVerdict.ClearText).ShouldBe(clear);
            FirstBytes.Judge(listener, [], ended: false).ShouldBe(FirstBytesVerdict.Wait);
            FirstBytes.Judge(listener, [], ended: true).ShouldBe(FirstBytesVerdict.OwnLoop);
        }
    }

    [Fact]
    public void Judge_TlsWithoutHttp2_ReadsTheHelloForItsName()
    {
        ProxyListener listener = Https with { Http2 = false };
        byte[] hello = new HelloBytes { Protocols = ["h2", "http/1.1"] }.Record();
        FirstBytes.PeekedMax(listener).ShouldBe(FirstBytes.PeekedMax(Https));
        FirstBytes.Judge(listener, hello.AsSpan(..50), ended: false).ShouldBe(FirstBytesVerdict.Wait);
        FirstBytes.Judge(listener, hello, ended: false).ShouldBe(FirstBytesVerdict.OwnLoop);
        FirstBytes.Judge(listener, [.. HelloBytes.Record(hello[5..50]), .. HelloBytes.Record(hello[50..])], ended: false).ShouldBe(FirstBytesVerdict.Kestrel);
    }

    [Fact]
    public void Judge_ClearTextWithoutHttp2_NeedsNoLook()
    {
        ProxyListener listener = Http with { Http2 = false };
        FirstBytes.PeekedMax(listener).ShouldBe(0);
        FirstBytes.Judge(listener, [], ended: false).ShouldBe(FirstBytesVerdict.OwnLoop);
        FirstBytes.Judge(listener, "PRI * HTTP/2.0\r\n"u8, ended: false).ShouldBe(FirstBytesVerdict.OwnLoop);
    }

    [Theory]
    [InlineData(false, 16)]
    [InlineData(true, 16_389)]
    public void Judge_AsManyBytesAsAreAskedFor_IsNeverWait(bool https, int max)
    {
        ProxyListener listener = https ? Https : Http;
        FirstBytes.PeekedMax(listener).ShouldBe(max);
        byte[] bytes = new byte[max];
        (https ? [22, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc] : "PRI * HTTP/2.0\r\n"u8.ToArray()).CopyTo(bytes, 0);
        FirstBytes.Judge(listener, bytes.AsSpan(0, max - 1), ended: false).ShouldBe(FirstBytesVerdict.Wait);
        FirstBytes.Judge(listener, bytes, ended: false).ShouldBe(FirstBytesVerdict.Kestrel);
    }

    private static FirstBytesVerdict Tls(byte[] peeked) => FirstBytes.Judge(Https, peeked, ended: false);
}
