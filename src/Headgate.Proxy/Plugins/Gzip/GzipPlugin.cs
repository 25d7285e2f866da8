using Headgate.Proxy.Plugins.Bodies;
using Headgate.Proxy.Plugins.Compression;

namespace Headgate.Proxy.Plugins.Gzip;

/// <summary>Compresses answers with gzip. As in nginx only those of status 200, 403 and 404.</summary>
internal sealed class GzipPlugin(GzipConfig config) : CompressionPlugin(config, "gzip"u8.ToArray(), "x-gzip"u8.ToArray())
{
    private readonly TransformPool<GzipBody> _bodies = new(pool => new GzipBody(config.Level, pool));

    /// <inheritdoc/>
    protected override BodyTransform Begin() => _bodies.Take();

    /// <inheritdoc/>
    protected override bool TakesStatus(int status) => status is 200 or 403 or 404;
}
