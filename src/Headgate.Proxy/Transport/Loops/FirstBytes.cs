using Headgate.Proxy.Http2;

namespace Headgate.Proxy.Transport.Loops;

/// <summary>
/// Decides by the first bytes of a connection, which stay in its socket (<c>recv</c> with <c>MSG_PEEK</c>), who serves it. In clear text that is the HTTP/2
/// preface; on TLS the ClientHello: whoever offers <c>h2</c> gets it from Kestrel, and so does whoever says it in a form that is not read here.
/// </summary>
internal static class FirstBytes
{
    /// <summary>
    /// How many bytes are to be shown to <see cref="Judge"/> at most; 0 = none, the loop serves every connection of this listener. When that many were peeked, the
    /// verdict is not <see cref="FirstBytesVerdict.Wait"/>.
    /// </summary>
    public static int PeekedMax(ProxyListener listener) => !listener.Http2 ? 0 : listener.Https ? ClientHello.BytesMax : Http2Preface.Start.Length;

    /// <summary>Judges all that has arrived so far, from its first byte. Never allocates, never throws.</summary>
    /// <param name="listener">Where the connection was accepted.</param>
    /// <param name="peeked">What has arrived, up to <see cref="PeekedMax"/>.</param>
    /// <param name="ended">The client has ended: nothing more will come, and the loop deals with what is there. Never <see cref="FirstBytesVerdict.Wait"/> then.</param>
    public static FirstBytesVerdict Judge(ProxyListener listener, ReadOnlySpan<byte> peeked, bool ended)
    {
        if (!listener.Http2)
            return FirstBytesVerdict.OwnLoop;
        FirstBytesVerdict verdict = listener.Https ? JudgeTls(peeked) : JudgeClearText(peeked);
        return verdict == FirstBytesVerdict.Wait && ended ? FirstBytesVerdict.OwnLoop : verdict;
    }

    private static FirstBytesVerdict JudgeClearText(ReadOnlySpan<byte> peeked) => Http2Preface.Judge(peeked) switch
    {
        null => FirstBytesVerdict.Wait,
        true => FirstBytesVerdict.Kestrel,
        false => FirstBytesVerdict.OwnLoop,
    };

    private static FirstBytesVerdict JudgeTls(ReadOnlySpan<byte> peeked)
    {
        ClientHello hello = ClientHello.Read(peeked);
        return hello.Status switch
        {
            ClientHelloStatus.NeedMore => FirstBytesVerdict.Wait,
            ClientHelloStatus.Complete when !hello.OffersHttp2 => FirstBytesVerdict.OwnLoop,
            _ => FirstBytesVerdict.Kestrel,
        };
    }
}
