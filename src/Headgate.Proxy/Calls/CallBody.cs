using System.Net.Http;

namespace Headgate.Proxy.Calls;

/// <summary>Reads bodies of answers to calls, up to a bound.</summary>
internal static class CallBody
{
    private const int FirstBytes = 4096;

    /// <summary>The whole body.</summary>
    /// <exception cref="InvalidDataException">It is longer than <paramref name="bytesMax"/>.</exception>
    public static async Task<byte[]> ReadAsync(HttpContent content, int bytesMax, CancellationToken cancellationToken)
    {
        await using Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        byte[] bytes = new byte[Math.Min(bytesMax, FirstBytes)];
        int length = 0;
        while (true)
        {
            if (length == bytes.Length)
                Array.Resize(ref bytes, Math.Min(bytesMax + 1, bytes.Length * 2)); // one more than may be shows that there is more
            int read = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken);
            if (read == 0)
                return bytes.AsSpan(0, length).ToArray();
            length += read;
            if (length > bytesMax)
                throw new InvalidDataException($"its answer is longer than {bytesMax} bytes");
        }
    }
}
