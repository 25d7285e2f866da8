using System.IO.Compression;
using System.Text;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary>An answer as the client saw it, whatever its body is.</summary>
internal sealed record BodyAnswer(int Status, ILookup<string, string> Fields, byte[] Body, ILookup<string, string> Trailers)
{
    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The only value of a field; null = there is none.</summary>
    public string? Field(string name) => Fields[name].SingleOrDefault();

    /// <summary>The body as it was before it was encoded.</summary>
    public byte[] Decoded()
    {
        using var encoded = new MemoryStream(Body);
        using Stream decoder = Field("Content-Encoding") switch
        {
            "gzip" => new GZipStream(encoded, CompressionMode.Decompress),
            "br" => new BrotliStream(encoded, CompressionMode.Decompress),
            _ => encoded,
        };
        using var decoded = new MemoryStream();
        decoder.CopyTo(decoded);
        return decoded.ToArray();
    }
}
