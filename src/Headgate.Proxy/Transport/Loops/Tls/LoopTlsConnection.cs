using System.Runtime.CompilerServices;
using Headgate.Proxy.Tls;

namespace Headgate.Proxy.Transport.Loops.Tls;

/// <summary>
/// A client's connection behind TLS, on an event loop: <see cref="HandshakeAsync"/>, then as every other. Until the handshake begins the socket's bytes can be looked at and
/// the connection given away.
/// </summary>
internal sealed class LoopTlsConnection(EventLoop loop, int fd) : LoopConnection(loop, fd)
{
    private TlsSession? _session;

    /// <summary>What the client is shown, chosen before the handshake; null = nothing.</summary>
    public ClientTls? Tls { get; set; }

    /// <summary>
    /// Shakes hands; false when that failed, whoever's fault it was, or the connection ended. It has no deadline but the connection's. Once, before anything is read or written.
    /// </summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    public async ValueTask<bool> HandshakeAsync()
    {
        if (!Socket.IsOpen || Tls is not { Certificate.Context: { } context } tls)
            return false;
        _session = context.Open();
        while (_session is { } session)
        {
            switch (session.Handshake(Socket.Fd))
            {
                case TlsStep.Done:
                    tls.IsVerified = tls.Certificate.AsksClients && session.HasGoodClientCertificate;
                    Socket.IsReadable = true; // the first request may have come with the handshake
                    return true;
                case TlsStep.NeedsInput:
                    Socket.IsReadable = Socket.PeerFinished;
                    if (!await WaitReadableAsync(more: false))
                        return false;
                    break;
                case TlsStep.NeedsOutput:
                    if (!await WaitWritableAsync())
                        return false;
                    break;
                default:
                    return false;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    protected override int Receive(Span<byte> space)
    {
        if (_session is null)
            return LoopSocket.Broken;
        int count = _session.Receive(Socket.Fd, space, Socket.PeerFinished, out bool hasMore);
        Socket.IsReadable = hasMore || Socket.PeerFinished;
        return count;
    }

    /// <inheritdoc/>
    protected override int Send(ReadOnlySpan<byte> bytes) => _session?.Send(Socket.Fd, bytes) ?? LoopSocket.Broken;

    /// <inheritdoc/>
    protected override void FinishSending()
    {
        if (Socket.IsOpen)
            _session?.Finish(Socket.Fd);
        base.FinishSending();
    }

    /// <inheritdoc/>
    protected override void CloseCore()
    {
        // An aborted connection must not look finished: what was sent of its answer would pass for the whole.
        if (EndCause == EndCause.None)
            _session?.Finish(Socket.Fd);
        _session?.Dispose();
        _session = null;
    }
}
