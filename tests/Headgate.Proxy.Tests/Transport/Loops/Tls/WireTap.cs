using System.Net.Sockets;

namespace Headgate.Proxy.Tests.Transport.Loops.Tls;

/// <summary>What a TLS client writes to its socket, under the control of a test: in pieces, cut off after some bytes, altered, written down.</summary>
internal sealed class WireTap(Socket socket) : Stream
{
    private readonly NetworkStream _below = new(socket, ownsSocket: true);

    /// <summary>Size of the pieces that are sent one by one; 0 = as they come.</summary>
    public int PieceBytes { get; set; }

    /// <summary>After so many bytes the connection is ended; −1 = never.</summary>
    public long CutAfter { get; set; } = -1;

    /// <summary>Whether the end is a reset.</summary>
    public bool CutResets { get; set; }

    /// <summary>Done to what is written next.</summary>
    public Action<byte[]>? Alter { get; set; }

    /// <summary>All that was written.</summary>
    public MemoryStream Written { get; } = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Sends bytes that TLS knows nothing of.</summary>
    public void Inject(ReadOnlySpan<byte> bytes) => _below.Write(bytes);

    /// <summary>Ends the connection without TLS knowing.</summary>
    public void Cut()
    {
        if (CutResets)
            socket.LingerState = new LingerOption(true, 0);
        else
            socket.Shutdown(SocketShutdown.Both);
        socket.Close();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _below.ReadAsync(buffer, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        byte[] bytes = buffer.ToArray();
        (Action<byte[]>? alter, Alter) = (Alter, null);
        alter?.Invoke(bytes);
        if (CutAfter >= 0 && Written.Length + bytes.Length > CutAfter)
        {
            await _below.WriteAsync(bytes.AsMemory(0, (int)(CutAfter - Written.Length)), cancellationToken);
            Cut();
            throw new IOException("cut off by the test");
        }

        Written.Write(bytes);
        int piece = PieceBytes == 0 ? bytes.Length : PieceBytes;
        for (int at = 0; at < bytes.Length; at += piece)
            await _below.WriteAsync(bytes.AsMemory(at, Math.Min(piece, bytes.Length - at)), cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => _below.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _below.Dispose();
        base.Dispose(disposing);
    }
}
