using System.Buffers.Text;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Http1;

/// <summary>Writes body bytes into a transport, as they are or as chunks (RFC 9112 §7.1). Nothing is sent before the transport is flushed.</summary>
internal static class BodyWriter
{
    private const int PieceBytesMax = 16_384;

    /// <summary>Room for the size line and the CRLF behind the data.</summary>
    private const int ChunkOverhead = 16;

    /// <summary>Writes a run; an empty one writes nothing (an empty chunk would end the body). Returns the bytes written beside it.</summary>
    public static int Write(TransportConnection destination, ReadOnlySpan<byte> run, bool chunked)
    {
        int framing = 0;
        while (!run.IsEmpty)
        {
            int length = Math.Min(run.Length, PieceBytesMax);
            if (chunked)
            {
                framing += WriteChunk(destination, run[..length]);
            }
            else
            {
                run[..length].CopyTo(destination.GetSpan(length));
                destination.Advance(length);
            }

            run = run[length..];
        }

        return framing;
    }

    /// <summary>Writes whole trailer lines; the first run of them (<paramref name="first"/>) stands behind the last chunk.</summary>
    public static void WriteTrailers(TransportConnection destination, ReadOnlySpan<byte> lines, bool first)
    {
        if (first)
            Write(destination, "0\r\n"u8, chunked: false);
        Write(destination, lines, chunked: false);
    }

    /// <summary>Ends a chunked body, behind its trailers when there were any.</summary>
    public static void End(TransportConnection destination, bool afterTrailers) =>
        Write(destination, afterTrailers ? "\r\n"u8 : "0\r\n\r\n"u8, chunked: false);

    private static int WriteChunk(TransportConnection destination, ReadOnlySpan<byte> data)
    {
        Span<byte> span = destination.GetSpan(data.Length + ChunkOverhead);
        Utf8Formatter.TryFormat(data.Length, span, out int digits, new System.Buffers.StandardFormat('x'));
        "\r\n"u8.CopyTo(span[digits..]);
        data.CopyTo(span[(digits + 2)..]);
        "\r\n"u8.CopyTo(span[(digits + 2 + data.Length)..]);
        destination.Advance(digits + data.Length + 4);
        return digits + 4;
    }
}
