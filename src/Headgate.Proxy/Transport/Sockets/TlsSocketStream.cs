using System.Net.Sockets;

namespace Headgate.Proxy.Transport.Sockets;

/// <summary>
/// The bytes below TLS: a socket, without anything added. While the handshake lasts, what follows a read runs on the thread pool: keys and certificates
/// take milliseconds, which a thread that serves traffic does not have. Owns the socket.
/// </summary>
internal sealed class TlsSocketStream(Socket socket) : Stream
{
    private volatile bool _handshaking = true;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>From now on completions run where the socket engine runs them.</summary>
    public void EndHandshake() => _handshaking = false;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _handshaking
        ? ReadOnPoolAsync(buffer, cancellationToken)
        : socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // On Unix a send ends when all is sent, so that the count says nothing more.
        ValueTask<int> sent = socket.SendAsync(buffer, SocketFlags.None, cancellationToken);
        if (sent.IsCompletedSuccessfully)
        {
            sent.GetAwaiter().GetResult();
            return ValueTask.CompletedTask;
        }

        return AwaitAsync(sent);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadOnPoolAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int count = await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return count;
    }

    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder))]
    private static async ValueTask AwaitAsync(ValueTask<int> sent) => await sent;
}
