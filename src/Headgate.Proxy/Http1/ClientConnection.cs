using Headgate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Http1;

/// <summary>Serves the HTTP/1.1 requests of one client's connection, in order, until either side ends it.</summary>
internal sealed class ClientConnection
{
    private readonly TransportConnection _client;
    private readonly Http1Exchange _exchange;
    private readonly RequestPipeline _pipeline;
    private readonly ProxyLimits _limits;
    private readonly CancellationToken _closing;
    private readonly ILogger _logger;
    private bool _idle;

    /// <summary>Makes the connection. <paramref name="closing"/> is cancelled when the gateway stops: no further request is taken then.</summary>
    public ClientConnection(
        TransportConnection client, Http1Exchange exchange, RequestPipeline pipeline, ProxyLimits limits, ILogger logger,
        CancellationToken closing)
    {
        _client = client;
        _exchange = exchange;
        _pipeline = pipeline;
        _limits = limits;
        _closing = closing;
        _logger = logger;
        client.PeerGone = exchange.OnClientGone;
    }

    /// <summary>Answers whatever the client sends with one refusal, and ends.</summary>
    public async Task RefuseAsync(int status, string reason)
    {
        await AnswerRefusalAsync(status, reason);
        await LingerAsync();
        _client.DeadlineMs = 0;
    }

    public async Task RunAsync()
    {
        await using CancellationTokenRegistration closing = _closing.UnsafeRegister(static self => ((ClientConnection)self!).CloseIfIdle(), this);
        try
        {
            while (true)
            {
                bool begun = AwaitHead();
                HeadResult head;
                while ((head = HeadParser.ParseRequest(_client.Unread, _exchange.Request, _limits.Heads)).Status == HeadStatus.Incomplete)
                {
                    if (!MayRead(begun) || await _client.ReadAsync() != ReadOutcome.Data)
                        break;
                    NoteRead(ref begun);
                }

                if (head.Status == HeadStatus.Bad)
                    await AnswerRefusalAsync(head.ErrorStatus, head.Reason!);
                if (head.Status != HeadStatus.Complete)
                    break;
                _client.Consume(head.Consumed);
                _exchange.Begin(isLast: _closing.IsCancellationRequested);
                await _pipeline.RunAsync(_exchange);
                if (!_exchange.KeepsConnection || _exchange.IsClientGone || _closing.IsCancellationRequested)
                    break;
            }

            await LingerAsync();
        }
        catch (Exception bug)
        {
            // Whatever a client or node does ends as a value; an exception here is a mistake of ours. Only this connection pays for it.
            ClientConnectionLog.GatewayBug(_logger, bug);
            _client.Abort(EndCause.ProtocolError);
        }
        finally
        {
            _client.DeadlineMs = 0;
        }
    }

    /// <summary>Gives the next head its time; whether some of it is here.</summary>
    private bool AwaitHead()
    {
        bool begun = !_client.Unread.IsEmpty;
        _client.SetReadDeadline(begun ? _limits.HeadTimeout : _limits.IdleTimeout);
        return begun;
    }

    /// <summary>Whether to read on: not when the gateway stops and no head has begun. From here on, and until <see cref="NoteRead"/>, a stop ends an idle connection.</summary>
    private bool MayRead(bool begun)
    {
        Volatile.Write(ref _idle, !begun);
        return begun || !_closing.IsCancellationRequested;
    }

    private void NoteRead(ref bool begun)
    {
        Volatile.Write(ref _idle, false);
        if (!begun)
            _client.SetReadDeadline(_limits.HeadTimeout);
        begun = true;
    }

    /// <summary>A request that has just arrived is lost, as on any connection that is closed while idle; the client may send it again.</summary>
    private void CloseIfIdle()
    {
        _exchange.MakeLast();

        // Pairs with the plain write of _idle and the look at _closing in every wait: here the barrier costs something once, there it would for every request.
        Interlocked.MemoryBarrierProcessWide();
        if (Volatile.Read(ref _idle))
            _client.Finish(EndCause.Shutdown);
    }

    private async ValueTask AnswerRefusalAsync(int status, string reason)
    {
        _exchange.Refuse(status, reason);
        await _exchange.FlushAsync();
        _pipeline.Learn(_exchange);
    }

    /// <summary>Lets a client that may still be sending see its answer before the connection is closed.</summary>
    private ValueTask LingerAsync()
    {
        bool hasAll = _exchange.IsBodyComplete && _client.Unread.IsEmpty && !_exchange.WasRefused;
        return _exchange.Status == 0 || _exchange.IsClientGone || _client.EndCause != EndCause.None || hasAll
            ? default
            : _client.LingerAsync(_limits.LingerTimeout, _limits.DroppedBytesMax);
    }
}
