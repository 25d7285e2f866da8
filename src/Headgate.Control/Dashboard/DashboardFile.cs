using System.IO.Compression;
using System.Security.Cryptography;

namespace Headgate.Control.Dashboard;

/// <summary>A file of the built dashboard, as it is sent.</summary>
internal sealed class DashboardFile
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".ico"] = "image/x-icon",
        [".woff2"] = "font/woff2",
        [".json"] = "application/json",
        [".txt"] = "text/plain; charset=utf-8",
    };

    private DashboardFile(byte[] content, string contentType)
    {
        Content = content;
        ContentType = contentType;
        Compressed = Compress(content) is { } smaller && smaller.Length < content.Length ? smaller : null;
        ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\"";
    }

    /// <summary>Its bytes.</summary>
    public byte[] Content { get; }

    /// <summary>Its bytes by gzip; null = that would not make it smaller.</summary>
    public byte[]? Compressed { get; }

    /// <summary>Media type.</summary>
    public string ContentType { get; }

    /// <summary>Tells this content from every other.</summary>
    public string ETag { get; }

    /// <summary>Reads a file; null when it is of a kind that no dashboard has: a folder may hold anything.</summary>
    public static DashboardFile? Read(string path) => Types.TryGetValue(Path.GetExtension(path), out string? type) ? new DashboardFile(File.ReadAllBytes(path), type) : null;

    private static byte[] Compress(byte[] content)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Optimal))
            gzip.Write(content);
        return buffer.ToArray();
    }
}
