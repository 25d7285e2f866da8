using System.Net.Sockets;
using Headgate.Proxy.Http1;
using HttpMethod = Headgate.Proxy.Http1.HttpMethod;

namespace Headgate.Proxy.Tests.Http1.Peers;

/// <summary>
/// What a server made of the bytes of a connection: the requests it saw, in order, as "METHOD path", ending with a status when it refused one, or with "waits" when
/// it wanted more bytes.
/// </summary>
internal static class Verdicts
{
    /// <summary>Longer than the second after which the peers give up on a request that does not come.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Headgate's codec alone.</summary>
    internal static string OfCodec(byte[] sent)
    {
        List<string> seen = [];
        RequestHead head = new();
        int at = 0;
        while (at < sent.Length)
        {
            HeadResult result = HeadParser.ParseRequest(sent.AsSpan(at), head, HeadLimits.Default);
            if (result.Status != HeadStatus.Complete)
            {
                seen.Add(result.Status == HeadStatus.Bad ? $"{result.ErrorStatus}" : "waits");
                break;
            }

            at += result.Consumed;
            BodyStep step = SkipBody(sent, head, ref at);
            seen.Add(step switch { BodyStep.Bad => "400", BodyStep.NeedMore => "waits", _ => $"{Heads.Text(head.Method)} {Heads.Text(head.Path)}" });
            if (step != BodyStep.End || !head.KeepAlive)
                break;
        }

        return string.Join(", ", seen);
    }

    /// <summary>A server on a Unix socket.</summary>
    internal static async Task<string> OfServerAsync(string socketPath, byte[] sent, CancellationToken cancellation)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellation);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        List<byte> received = [];
        byte[] buffer = new byte[16_384];
        bool waits = false;
        try
        {
            await socket.SendAsync(sent, patience.Token);
            while (await socket.ReceiveAsync(buffer, patience.Token) is var count and > 0)
                received.AddRange(buffer.AsSpan(0, count));
        }
        catch (OperationCanceledException)
        {
            waits = true;
        }
        catch (SocketException)
        {
            // Reset: it closed without reading all that was sent; what it answered before is here.
        }

        return Read([.. received], waits);
    }

    private static BodyStep SkipBody(byte[] sent, RequestHead head, ref int at)
    {
        BodyDecoder decoder = default;
        decoder.Start(head.Framing, head.ContentLength);
        BodyStep step;
        do
        {
            step = decoder.Next(sent.AsSpan(at), out int skip, out int take);
            at += skip + take;
        }
        while (step is BodyStep.Data or BodyStep.Trailers);
        return step;
    }

    private static string Read(byte[] received, bool waits)
    {
        List<string> seen = [];
        ResponseHead head = new();
        int at = 0;
        while (at < received.Length)
        {
            HeadResult result = HeadParser.ParseResponse(received.AsSpan(at), HttpMethod.Get, head, HeadLimits.Default);
            if (result.Status != HeadStatus.Complete)
            {
                seen.Add("no HTTP/1");
                break;
            }

            at += result.Consumed;
            int length = head.Framing == BodyFraming.Length ? (int)Math.Min(head.ContentLength, received.Length - at) : received.Length - at;
            length = head.Framing == BodyFraming.None ? 0 : length;
            if (head.Status >= 200)
                seen.Add(head.Status switch { 200 => Heads.Text(received.AsSpan(at, length)), 408 => "waits", _ => $"{head.Status}" });
            at += length;
        }

        if (seen.Count == 0 || waits)
            seen.Add(waits ? "waits" : "closed");
        return string.Join(", ", seen);
    }
}
