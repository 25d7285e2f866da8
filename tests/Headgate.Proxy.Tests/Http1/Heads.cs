using System.Text;
using Headgate.Proxy.Http1;
using HttpMethod = Headgate.Proxy.Http1.HttpMethod;

namespace Headgate.Proxy.Tests.Http1;

/// <summary>Heads as text, one byte a character (Latin-1), so that tests can name any byte.</summary>
internal static class Heads
{
    internal static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    internal static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    internal static HeadResult ParseRequest(string text, out RequestHead head, HeadLimits? limits = null)
    {
        head = new RequestHead();
        return HeadParser.ParseRequest(Bytes(text), head, limits ?? HeadLimits.Default);
    }

    internal static RequestHead Request(string text)
    {
        ParseRequest(text, out RequestHead head).ShouldBe(new HeadResult(HeadStatus.Complete, text.Length, 0, null));
        return head;
    }

    internal static HeadResult ParseResponse(string text, out ResponseHead head, HttpMethod request = HttpMethod.Get, HeadLimits? limits = null)
    {
        head = new ResponseHead();
        return HeadParser.ParseResponse(Bytes(text), request, head, limits ?? HeadLimits.Default);
    }

    internal static ResponseHead Response(string text, HttpMethod request = HttpMethod.Get)
    {
        ParseResponse(text, out ResponseHead head, request).ShouldBe(new HeadResult(HeadStatus.Complete, text.Length, 0, null));
        return head;
    }
}
