using System.Runtime.CompilerServices;
using Headgate.Core.Config;
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

    /// <summary>How far the body got.</summary>
    public UploadState State => (UploadState)Volatile.Read(ref _state);

    /// <summary>The run of <see cref="RunAsync"/> that is still to be waited for; completed when there is none.</summary>
    public ValueTask Completion { get; set; }

    /// <summary>Forgets the last request.</summary>
    public void Clear()
    {
        Volatile.Write(ref _state, (int)UploadState.None);
        Completion = default;
    }

    /// <summary>
    /// Sends what earlier tries have sent, then the rest of the body as it comes. <paramref name="keep"/>: remember it for a further try. The node's time to
    /// answer begins when the body has been sent: the reading deadline of <paramref name="node"/> is set at the end.
    /// </summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder))]
    public async ValueTask RunAsync(Exchange exchange, TransportConnection node, TimeoutConfig timeouts, bool keep, DeadlineWheel deadlines)
    {
        Volatile.Write(ref _state, (int)UploadState.Running);
        bool chunked = exchange.Request.Framing == BodyFraming.Chunked;
        bool nodeTakes = true;
        bool trailers = false;
        BodyWriter.Write(node, exchange.Replay.Bytes, chunked);
        while (true)
        {
            if (nodeTakes && node.Unflushed > 0 && (exchange.BodyNeedsWait || node.Unflushed >= FlushBytes))
            {
                nodeTakes = await FlushAsync(node, timeouts, deadlines);
                if (!nodeTakes && !exchange.DropsBody)
                {
                    Volatile.Write(ref _state, (int)UploadState.NodeFailed);
                    return;
                }
            }

            switch (await exchange.ReadBodyAsync())
            {
                case BodyStep.Data:
                    if (nodeTakes && !exchange.DropsBody)
                    {
                        exchange.Replay.Add(exchange.BodyRun, keep);
                        BodyWriter.Write(node, exchange.BodyRun, chunked);
                    }

                    exchange.ConsumeBodyRun();
                    break;

                case BodyStep.Trailers:
                    if (nodeTakes)
                        BodyWriter.WriteTrailers(node, exchange.BodyRun, first: !trailers);
                    trailers = true;
                    exchange.Replay.Add(default, keep: false);
                    exchange.ConsumeBodyRun();
                    break;

                case BodyStep.End:
                    if (chunked)
                        BodyWriter.End(node, afterTrailers: trailers);
                    nodeTakes = nodeTakes && await FlushAsync(node, timeouts, deadlines);
                    deadlines.SetRead(node, timeouts.Read);
                    Volatile.Write(ref _state, (int)(nodeTakes ? UploadState.Sent : UploadState.NodeFailed));
                    return;

                default:
                    Volatile.Write(ref _state, (int)UploadState.ClientFailed);
                    node.Abort(EndCause.NotNeeded);
                    return;
            }
        }
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private static async ValueTask<bool> FlushAsync(TransportConnection node, TimeoutConfig timeouts, DeadlineWheel deadlines)
    {
        deadlines.SetWrite(node, timeouts.Send);
        bool taken = await node.FlushAsync();
        node.WriteDeadlineMs = 0;
        return taken;
    }
}
