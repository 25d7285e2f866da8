using Headgate.Proxy.Http2;
using Headgate.Proxy.Transport.Loops;

namespace Headgate.Proxy.Fronts;

/// <summary>
/// Decides by the first bytes of a connection, which stay in its socket (<c>recv</c> with <c>MSG_PEEK</c>), who serves it. In clear text that is the HTTP/2
/// preface; on TLS the ClientHello: whoever offers <c>h2</c> gets it from Kestrel, and so is served whoever says it in a form that is not read here. Who begins with a
/// request in clear text there is told of the mistake.
/// </summary>
internal static class FirstBytes
{
    /// <summary>
    /// How many bytes are to be shown to <see cref="Judge"/> at most; 0 = none, the loop serves every connection of this listener. When that many were peeked, the
    /// verdict is not <see cref="FirstBytesVerdict.Wait"/>.
    /// </summary>
    public static int PeekedMax(ProxyListener listener) => listener.Https ? ClientHello.BytesMax : listener.Http2 ? Http2Preface.Start.Length : 0;

    /// <summary>Judges all that has arrived so far, from its first byte. Never allocates, never throws.</summary>
    /// <param name="listener">Where the connection was accepted.</param>
    /// <param name="peeked">What has arrived, up to <see cref="PeekedMax"/>.</param>
    /// <param name="ended">The client has ended: nothing more will come, and the loop deals with what is there. Never <see cref="FirstBytesVerdict.Wait"/> then.</param>
    public static FirstBytesVerdict Judge(ProxyListener listener, ReadOnlySpan<byte> peeked, bool ended)
    {
        FirstBytesVerdict verdict = !listener.Https ? JudgeClearText(listener, peeked)
            : IsClearText(peeked) is not { } isClear ? FirstBytesVerdict.Wait
            : isClear ? FirstBytesVerdict.ClearText
            : JudgeTls(listener, peeked);
        return verdict == FirstBytesVerdict.Wait && ended ? FirstBytesVerdict.OwnLoop : verdict;
    }

    /// <summary>
    /// Whether a connection that should speak TLS begins as a request in clear text does, with a letter (of its method); every TLS record begins with a type below 32 and SSL 2.0's
    /// hello above 127. Null while there is no byte.
    /// </summary>
    public static bool? IsClearText(ReadOnlySpan<byte> first) => first.IsEmpty ? null : char.IsAsciiLetter((char)first[0]);

    private static FirstBytesVerdict JudgeClearText(ProxyListener listener, ReadOnlySpan<byte> peeked) => !listener.Http2 ? FirstBytesVerdict.OwnLoop : Http2Preface.Judge(peeked) switch
    {
        null => FirstBytesVerdict.Wait,
        true => FirstBytesVerdict.Kestrel,
        false => FirstBytesVerdict.OwnLoop,
    };

    private static FirstBytesVerdict JudgeTls(ProxyListener listener, ReadOnlySpan<byte> peeked)
    {
        ClientHello hello = ClientHello.Read(peeked);
        return hello.Status switch
        {
            ClientHelloStatus.NeedMore => FirstBytesVerdict.Wait,
            ClientHelloStatus.Complete when !(listener.Http2 && hello.OffersHttp2) => FirstBytesVerdict.OwnLoop,
            _ => FirstBytesVerdict.Kestrel,
        };
    }
}
