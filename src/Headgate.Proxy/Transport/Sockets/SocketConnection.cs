using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Headgate.Proxy.Transport.Sockets;

/// <summary>
/// Clear-text TCP over a connected <see cref="Socket"/>, which it owns. One receive and one send operation live as long as the connection: nothing is
/// allocated per use, errors are values, and completions run where the socket engine runs them.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The operations are disposed of when nothing is pending, in FreeCore.")]
internal sealed class SocketConnection : OperationConnection
{
    private readonly Socket _socket;
    private readonly Operation _receive;
    private readonly Operation _send;

    /// <summary>Makes the connection over <paramref name="socket"/>.</summary>
    public SocketConnection(Socket socket, DeadlineWheel deadlines)
        : base(deadlines)
    {
        _socket = socket;
        _receive = new Operation(this);
        _send = new Operation(this);
    }

    /// <inheritdoc/>
    protected override void AbortCore() => _socket.Dispose();

    /// <inheritdoc/>
    protected override bool StartReceive(Memory<byte> space, bool parking, out int result)
    {
        try
        {
            _receive.SetBuffer(space);
            if (_socket.ReceiveAsync(_receive))
            {
                result = 0;
                return false;
            }

            result = _receive.ReceiveResult;
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            result = -1;
        }

        return true;
    }

    /// <inheritdoc/>
    protected override bool StartSend(ReadOnlyMemory<byte> bytes, out bool sent)
    {
        // The engine only reads what it sends; its buffers are typed for both directions.
        Memory<byte> rest = MemoryMarshal.AsMemory(bytes);
        return !ContinueSend(rest, out sent);
    }

    /// <inheritdoc/>
    protected override void ShutdownCore() => ShutDown(_socket);

    /// <inheritdoc/>
    protected override void FreeCore()
    {
        _socket.Dispose();
        _receive.Dispose();
        _send.Dispose();
    }

    /// <summary>
    /// Ends both directions, so that what is pending ends by itself: the runtime closes a socket on which something is pending with a reset.
    /// </summary>
    internal static void ShutDown(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // The peer's reset came first.
            socket.Dispose();
        }
    }

    // True when it is pending.
    private bool ContinueSend(Memory<byte> rest, out bool sent)
    {
        sent = false;
        try
        {
            while (!rest.IsEmpty)
            {
                _send.SetBuffer(rest);
                if (_socket.SendAsync(_send))
                {
                    return true;
                }

                if (_send.SocketError != SocketError.Success || _send.BytesTransferred == 0)
                {
                    return false;
                }

                rest = rest[_send.BytesTransferred..];
            }

            sent = true;
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // Closed here in the meantime; false says it.
        }

        return false;
    }

    private void OnOperationEnded(Operation operation)
    {
        if (operation == _receive)
        {
            OnReceived(operation.ReceiveResult);
        }
        else if (operation.SocketError != SocketError.Success || operation.BytesTransferred == 0)
        {
            OnSent(false);
        }
        else if (!ContinueSend(operation.MemoryBuffer[operation.BytesTransferred..], out bool sent))
        {
            OnSent(sent);
        }
    }

    private sealed class Operation(SocketConnection owner) : SocketAsyncEventArgs(true)
    {
        public int ReceiveResult => SocketError == SocketError.Success ? BytesTransferred : -1;

        protected override void OnCompleted(SocketAsyncEventArgs e) => owner.OnOperationEnded(this);
    }
}
