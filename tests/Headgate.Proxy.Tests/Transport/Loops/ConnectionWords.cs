using System.Net.Sockets;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>Short words for what the tests of this folder do with connections and their peers.</summary>
internal static class ConnectionWords
{
    /// <summary>The byte at a place of the stream that every sender here sends: places that are mixed up show.</summary>
    public static byte ByteAt(long position, int stream = 0) => (byte)((position * 167) + (position >> 8) + (stream * 59));

    /// <summary>Bytes of the stream from a place on.</summary>
    public static byte[] BytesAt(long position, int count, int stream = 0)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
            bytes[i] = ByteAt(position + i, stream);
        return bytes;
    }

    /// <summary>Writes the first <paramref name="count"/> bytes of the stream, unflushed.</summary>
    public static void WriteStream(this TransportConnection connection, int count, int pieceMax = 4096)
    {
        for (int done = 0; done < count;)
        {
            int piece = Math.Min(pieceMax, count - done);
            BytesAt(done, piece).CopyTo(connection.GetSpan(piece));
            connection.Advance(piece);
            done += piece;
        }
    }

    /// <summary>What has been read so far, once there are so many bytes; fewer when the stream ended.</summary>
    public static async ValueTask<byte[]> ReadUntilAsync(this TransportConnection connection, int count)
    {
        while (connection.Unread.Length < count && await connection.ReadAsync() == ReadOutcome.Data)
        {
        }

        return connection.Unread.ToArray();
    }

    /// <summary>Everything until the end of the stream, and whether that was in order (FIN) or a reset.</summary>
    public static async Task<(byte[] Bytes, bool InOrder)> ReadToEndAsync(this Socket peer)
    {
        using var received = new MemoryStream();
        byte[] buffer = new byte[65_536];
        try
        {
            while (await peer.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(20)) is var count and > 0)
                received.Write(buffer.AsSpan(0, count));
            return (received.ToArray(), true);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            return (received.ToArray(), false);
        }
    }

    /// <summary>Closes with a reset (RST).</summary>
    public static void Reset(this Socket peer)
    {
        peer.LingerState = new LingerOption(true, 0);
        peer.Close(0);
    }
}
