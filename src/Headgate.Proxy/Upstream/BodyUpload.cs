using System.Diagnostics;
using System.Runtime.CompilerServices;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// Sends a request's body to a node while the answer is being waited for. It runs beside the reading of the answer, because a node may answer before it
/// has read everything. Whoever started it looks at <see cref="State"/> and, when the answer is out and the body is not, waits for <see cref="Completion"/>.
/// One instance per exchange, used by one try at a time.
/// </summary>
public sealed class BodyUpload
{
    /// <summary>Collected for the node before it is sent: one send of a good size instead of many small ones.</summary>
    private const int FlushBytes = 32_768;

    private int _state;

    // The try is over, its connection in other hands or closed. Written by the flow that answers, read by the one that uploads.
    private bool _left;

    /// <summary>How far the body got.</summary>
    public UploadState State => (UploadState)Volatile.Read(ref _state);

    /// <summary>When the last byte was sent, as <see cref="Stopwatch.GetTimestamp"/>; has a meaning while <see cref="State"/> is <see cref="UploadState.Sent"/>.</summary>
    public long SentAt { get; private set; }

    /// <summary>The run of <see cref="RunAsync"/> that is still to be waited for; completed when there is none.</summary>
    public ValueTask Completion { get; set; }

    /// <summary>
    /// The try that started the upload is over: its connection is not written to any more, and the upload ends with <see cref="UploadState.NodeFailed"/> at the
    /// next piece unless the rest is to be dropped.
    /// </summary>
    public void LeaveNode() => Volatile.Write(ref _left, true);

    /// <summary>Forgets the last request.</summary>
    public void Clear()
    {
        Volatile.Write(ref _state, (int)UploadState.None);
        Completion = default;
    }

    /// <summary>
    /// Sends what earlier tries have sent, then the rest of the body as it comes. The node's time to answer begins when the body has been sent: the
    /// reading deadline of <paramref name="node"/> is set at the end.
    /// </summary>
    /// <param name="exchange">Whose body it is.</param>
    /// <param name="node">Where it goes.</param>
    /// <param name="send">Time between two writes.</param>
    /// <param name="answer">Time for the answer, from the end of the body.</param>
    /// <param name="keptMax">Bytes that are remembered for a further try; 0 = none.</param>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder))]
    public async ValueTask RunAsync(Exchange exchange, TransportConnection node, TimeSpan send, TimeSpan answer, int keptMax)
    {
        Volatile.Write(ref _state, (int)UploadState.Running);
        Volatile.Write(ref _left, false);
        bool chunked = exchange.Request.Framing == BodyFraming.Chunked;
        bool nodeTakes = true;
        bool trailers = false;
        for (int at = 0; nodeTakes && at < exchange.Replay.Length; at += FlushBytes)
        {
            BodyWriter.Write(node, exchange.Replay.Bytes.Slice(at, Math.Min(FlushBytes, exchange.Replay.Length - at)), chunked);
            if (node.Unflushed >= FlushBytes)
                nodeTakes = await node.FlushWithinAsync(send) && !HasLeft;
        }

        while (true)
        {
            nodeTakes &= !HasLeft;
            if (nodeTakes && node.Unflushed > 0 && (exchange.BodyNeedsWait || node.Unflushed >= FlushBytes))
                nodeTakes = await node.FlushWithinAsync(send);

            // What is read for nobody is left unread: a further try begins with it.
            if (Fails(exchange, nodeTakes))
                return;
            BodyStep step = await exchange.ReadBodyAsync();
            nodeTakes &= !HasLeft;
            if (step != BodyStep.Bad && Fails(exchange, nodeTakes))
                return;

            switch (step)
            {
                case BodyStep.Data:
                    if (nodeTakes)
                    {
                        exchange.Plugins?.RequestBody.Pass(exchange.BodyRun);
                        exchange.Replay.Add(exchange.BodyRun, keptMax);
                        BodyWriter.Write(node, exchange.BodyRun, chunked);
                    }

                    exchange.ConsumeBodyRun();
                    break;

                case BodyStep.Trailers:
                    if (nodeTakes)
                    {
                        exchange.Plugins?.RequestBody.End(isWhole: true);
                        BodyWriter.WriteTrailers(node, exchange.BodyRun, first: !trailers);
                    }

                    trailers = true;
                    exchange.Replay.Add(default, bytesMax: 0);
                    exchange.ConsumeBodyRun();
                    break;

                case BodyStep.End:
                    if (nodeTakes)
                        exchange.Plugins?.RequestBody.End(isWhole: true);
                    await EndAsync(node, send, answer, nodeTakes, chunked, trailers);
                    return;

                default:
                    Volatile.Write(ref _state, (int)UploadState.ClientFailed);
                    if (!HasLeft)
                        node.Abort(EndCause.NotNeeded);
                    return;
            }
        }
    }

    private bool HasLeft => Volatile.Read(ref _left);

    private bool Fails(Exchange exchange, bool nodeTakes)
    {
        if (nodeTakes || exchange.DropsBody)
            return false;
        Volatile.Write(ref _state, (int)UploadState.NodeFailed);
        return true;
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder))]
    private async ValueTask EndAsync(TransportConnection node, TimeSpan send, TimeSpan answer, bool nodeTakes, bool chunked, bool trailers)
    {
        if (nodeTakes)
        {
            if (chunked)
                BodyWriter.End(node, afterTrailers: trailers);
            nodeTakes = await node.FlushWithinAsync(send) && !HasLeft;
        }

        if (nodeTakes)
            node.SetReadDeadline(answer);
        SentAt = Stopwatch.GetTimestamp();
        Volatile.Write(ref _state, (int)(nodeTakes ? UploadState.Sent : UploadState.NodeFailed));
    }
}
