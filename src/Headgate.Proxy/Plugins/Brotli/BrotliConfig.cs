using Headgate.Proxy.Plugins.Compression;

namespace Headgate.Proxy.Plugins.Brotli;

/// <summary>Configuration of <c>brotli</c>.</summary>
public sealed record BrotliConfig : CompressionConfig
{
    /// <summary>Logarithm of the window, 10 to 24.</summary>
    public int WindowBits { get; init; } = 19;
}
