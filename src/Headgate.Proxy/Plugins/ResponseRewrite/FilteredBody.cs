using System.IO.Compression;
using Headgate.Proxy.Plugins.Bodies;

namespace Headgate.Proxy.Plugins.ResponseRewrite;

/// <summary>A body that filters see as a whole, decoded when it comes encoded.</summary>
/// <param name="filters">The filters.</param>
/// <param name="coding">How it is encoded; empty = not.</param>
/// <param name="bytesMax">What of it, and of what it decodes to, is seen at most.</param>
internal sealed class FilteredBody(BodyFilter[] filters, string coding, int bytesMax) : WholeBody(bytesMax)
{
    private readonly int _bytesMax = bytesMax;

    /// <summary>Whether a body with this Content-Encoding can be seen.</summary>
    public static bool CanDecode(string coding) => coding is "" or "gzip" or "x-gzip" or "br" or "deflate" or "identity";

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> Change(ReadOnlyMemory<byte> body)
    {
        if (coding is not ("" or "identity") && !body.IsEmpty)
            body = Decode(body);
        foreach (BodyFilter filter in filters)
            body = filter.Apply(body);
        return body;
    }

    private ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> body)
    {
        using var encoded = new MemoryStream(body.ToArray(), writable: false);
        using Stream decoder = coding switch
        {
            "br" => new BrotliStream(encoded, CompressionMode.Decompress),
            "deflate" => new ZLibStream(encoded, CompressionMode.Decompress),
            _ => new GZipStream(encoded, CompressionMode.Decompress),
        };
        using var decoded = new MemoryStream();
        byte[] piece = new byte[16_384];
        int read;
        while (decoded.Length < _bytesMax && (read = decoder.Read(piece)) > 0)
            decoded.Write(piece, 0, read);
        return decoded.GetBuffer().AsMemory(0, (int)Math.Min(decoded.Length, _bytesMax));
    }
}
