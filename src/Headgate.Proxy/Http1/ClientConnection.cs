using System.Runtime.CompilerServices;
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

    public async Task RunAsync()
    {
        await using CancellationTokenRegistration closing = _closing.UnsafeRegister(static self => ((ClientConnection)self!).CloseIfIdle(), this);
        try
        {
            while (await ReadHeadAsync())
            {
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

    /// <summary>Waits for the next request and reads its head; false when there is none to serve.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<bool> ReadHeadAsync()
    {
        bool begun = !_client.Unread.IsEmpty;
        _client.SetReadDeadline(begun ? _limits.HeadTimeout : _limits.IdleTimeout);
        while (true)
        {
            HeadResult result = HeadParser.ParseRequest(_client.Unread, _exchange.Request, _limits.Heads);
            if (result.Status == HeadStatus.Complete)
            {
                _client.Consume(result.Consumed);
                _client.DeadlineMs = 0;
                return true;
            }

            if (result.Status == HeadStatus.Bad)
                return await RefuseAsync(result);

            Volatile.Write(ref _idle, !begun);
            if (_closing.IsCancellationRequested && !begun)
                return false;
            ReadOutcome outcome = await _client.ReadAsync();
            Volatile.Write(ref _idle, false);
            if (outcome != ReadOutcome.Data)
                return false;
            if (!begun)
                _client.SetReadDeadline(_limits.HeadTimeout);
            begun = true;
        }
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

    private async ValueTask<bool> RefuseAsync(HeadResult result)
    {
        _exchange.Refuse(result.ErrorStatus, result.Reason!);
        await _exchange.FlushAsync();
        _pipeline.Learn(_exchange);
        return false;
    }

    /// <summary>
    /// Reads and drops for a while what a client still sends to a connection that will be closed: closing with unread bytes would reset it, and the client
    /// might lose the answer (RFC 9112 §9.6).
    /// </summary>
    private async ValueTask LingerAsync()
    {
        if (_exchange.Status == 0 || _exchange.IsClientGone || _client.EndCause != EndCause.None || (_exchange.IsBodyComplete && _client.Unread.IsEmpty && !_exchange.WasRefused))
            return;
        _client.EndSending();
        _client.SetReadDeadline(_limits.LingerTimeout);
        for (int dropped = 0; dropped <= _limits.DroppedBytesMax;)
        {
            dropped += _client.Unread.Length;
            _client.Consume(_client.Unread.Length);
            if (await _client.ReadAsync() != ReadOutcome.Data)
                return;
        }
    }
}
