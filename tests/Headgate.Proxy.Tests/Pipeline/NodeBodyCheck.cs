using System.Net.Sockets;
using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>Reads a body from a socket and compares it with a repeated pattern, in constant memory.</summary>
internal static class NodeBodyCheck
{
    /// <summary>
    /// Reads a body of <paramref name="length"/> bytes; returns how many were right. <paramref name="pattern"/> holds one period of 65,521 bytes and its repetition
    /// behind it, for at least one piece.
    /// </summary>
    public static async Task<long> ReadAsync(Socket socket, long length, bool chunked, byte[] pattern, CancellationToken stopping)
    {
        const int Period = 65_521;
        byte[] buffer = new byte[65_536];
        BodyDecoder decoder = default;
        decoder.Start(chunked ? BodyFraming.Chunked : BodyFraming.Length, length);
        long right = 0;
        int held = 0;
        while (!decoder.IsComplete)
        {
            int count = await socket.ReceiveAsync(buffer.AsMemory(held), stopping);
            if (count == 0)
                throw new EndOfStreamException($"the body ends after {right} bytes");
            int end = held + count;
            int start = 0;
            BodyStep step;
            int skip;
            while ((step = decoder.Next(buffer.AsSpan(start, end - start), out skip, out int take)) == BodyStep.Data)
            {
                if (!buffer.AsSpan(start + skip, take).SequenceEqual(pattern.AsSpan((int)(right % Period), take)))
                    throw new InvalidDataException($"wrong content behind {right} bytes");
                right += take;
                start += skip + take;
            }

            if (step == BodyStep.Bad)
                throw new InvalidDataException($"broken framing behind {right} bytes");
            start += skip;
            held = end - start;
            buffer.AsSpan(start, held).CopyTo(buffer);
        }

        return right;
    }
}
