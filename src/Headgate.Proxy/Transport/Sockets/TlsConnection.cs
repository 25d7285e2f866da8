using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Headgate.Proxy.Transport.Sockets;

/// <summary>
/// TLS over a connected <see cref="Socket"/>, after its handshake; it owns both. While it is parked it waits with an empty read, so that TLS holds no
/// record buffer (16 KiB) for an idle connection.
/// </summary>
#pragma warning disable CA2012 // A read or write under way is kept in a field and its result taken once, as the base class sees to.
internal sealed class TlsConnection : OperationConnection
{
    private readonly Socket _socket;
    private readonly SslStream _tls;
    private readonly Action _onRead;
    private readonly Action _onWritten;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _reading;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _writing;
    private Memory<byte> _space;
    private bool _onlyWaits;

    /// <summary>Makes the connection over <paramref name="tls"/>, which runs over <paramref name="socket"/>.</summary>
    public TlsConnection(Socket socket, SslStream tls, DeadlineWheel deadlines)
        : base(deadlines)
    {
        _socket = socket;
        _tls = tls;
        _onRead = OnRead;
        _onWritten = OnWritten;
    }

    /// <inheritdoc/>
    protected override void AbortCore() => _socket.Dispose();

    /// <inheritdoc/>
    protected override void ShutdownCore() => SocketConnection.ShutDown(_socket);

    /// <inheritdoc/>
    protected override bool StartReceive(Memory<byte> space, bool parking, out int result)
    {
        _space = space;
        _onlyWaits = parking;
        return TryReceive(out result);
    }

    /// <inheritdoc/>
    protected override bool StartSend(ReadOnlyMemory<byte> bytes, out bool sent)
    {
        try
        {
            _writing = _tls.WriteAsync(bytes).ConfigureAwait(false).GetAwaiter();
            if (!_writing.IsCompleted)
            {
                sent = false;
                _writing.UnsafeOnCompleted(_onWritten);
                return false;
            }

            _writing.GetResult();
            sent = true;
        }
        catch (Exception)
        {
            // Whatever TLS or the socket says, it means that the connection is broken.
            sent = false;
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void FreeCore() => _tls.Dispose();

    // True when it ended, with the result of StartReceive.
    private bool TryReceive(out int result)
    {
        try
        {
            while (true)
            {
                _reading = _tls.ReadAsync(_onlyWaits ? default : _space).ConfigureAwait(false).GetAwaiter();
                if (!_reading.IsCompleted)
                {
                    result = 0;
                    _reading.UnsafeOnCompleted(_onRead);
                    return false;
                }

                result = _reading.GetResult();
                if (!_onlyWaits)
                {
                    return true;
                }

                _onlyWaits = false;
            }
        }
        catch (Exception)
        {
            result = -1;
            return true;
        }
    }

    private void OnRead()
    {
        int result;
        try
        {
            result = _reading.GetResult();
        }
        catch (Exception)
        {
            OnReceived(-1);
            return;
        }

        if (_onlyWaits)
        {
            // There is something: bytes, or the end.
            _onlyWaits = false;
            if (!TryReceive(out result))
            {
                return;
            }
        }

        OnReceived(result);
    }

    private void OnWritten()
    {
        bool sent = true;
        try
        {
            _writing.GetResult();
        }
        catch (Exception)
        {
            sent = false;
        }

        OnSent(sent);
    }
}
