using Headgate.Proxy.Plugins.Bodies;
using Headgate.Proxy.Plugins.Compression;

namespace Headgate.Proxy.Plugins.Brotli;

/// <summary>Compresses answers with Brotli: those of any status but partial ones.</summary>
internal sealed class BrotliPlugin(BrotliConfig config) : CompressionPlugin(config, "br"u8.ToArray(), [])
{
    private readonly TransformPool<BrotliBody> _bodies = new(pool => new BrotliBody(config.Level, config.WindowBits, pool));

    /// <inheritdoc/>
    protected override BodyTransform Begin() => _bodies.Take();

    /// <inheritdoc/>
    protected override bool TakesStatus(int status) => status is >= 200 and not (204 or 206 or 304);
}
