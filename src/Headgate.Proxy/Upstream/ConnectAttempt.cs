using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// One try to open a TCP connection, and the deadline of everything up to its first request. The wheel closes the socket when that passes, which ends whatever is
/// pending on it. Errors are values: a node that refuses costs no exception.
/// </summary>
internal sealed class ConnectAttempt : SocketAsyncEventArgs, IDeadlineTarget, IValueTaskSource<SocketError>
{
    private const int Open = 0;
    private const int Finished = 1;
    private const int Expired = 2;

    private readonly DeadlineWheel _deadlines;
    private ManualResetValueTaskSourceCore<SocketError> _connected;

    // Moves once, from Open: either the connection stands or the wheel was faster.
    private int _outcome;

    /// <summary>Makes a try at <paramref name="address"/> that ends after <paramref name="timeout"/>.</summary>
    public ConnectAttempt(IPEndPoint address, TimeSpan timeout, DeadlineWheel deadlines)
        : base(true)
    {
        _deadlines = deadlines;
        RemoteEndPoint = address;
        DeadlineMs = deadlines.NowMs + Math.Max(1, (long)timeout.TotalMilliseconds);
        Socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        deadlines.Add(this);
    }

    /// <summary>The socket; whoever gets the connection owns it.</summary>
    public Socket Socket { get; }

    /// <inheritdoc/>
    public long DeadlineMs { get; }

    /// <summary>Connects; once. Never throws.</summary>
    public ValueTask<SocketError> ConnectAsync()
    {
        try
        {
            return Socket.ConnectAsync(this)
                ? new ValueTask<SocketError>(this, _connected.Version)
                : new ValueTask<SocketError>(SocketError);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            return new ValueTask<SocketError>(e is SocketException error ? error.SocketErrorCode : SocketError.OperationAborted);
        }
    }

    /// <summary>Ends the deadline. False when it has passed: the socket is closed, or about to be.</summary>
    public bool TryFinish()
    {
        _deadlines.Remove(this);
        return Interlocked.CompareExchange(ref _outcome, Finished, Open) == Open;
    }

    /// <inheritdoc/>
    void IDeadlineTarget.OnDeadline()
    {
        if (Interlocked.CompareExchange(ref _outcome, Expired, Open) == Open)
        {
            Socket.Dispose();
        }
    }

    /// <inheritdoc/>
    SocketError IValueTaskSource<SocketError>.GetResult(short token) => _connected.GetResult(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<SocketError>.GetStatus(short token) => _connected.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<SocketError>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _connected.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e) => _connected.SetResult(SocketError);
}
