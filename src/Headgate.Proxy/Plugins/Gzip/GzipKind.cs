using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Compression;

namespace Headgate.Proxy.Plugins.Gzip;

/// <summary><c>gzip</c>: compresses answers.</summary>
internal sealed class GzipKind : PluginKind<GzipConfig>
{
    /// <inheritdoc/>
    public override string Name => "gzip";

    /// <inheritdoc/>
    public override int Priority => 995;

    /// <inheritdoc/>
    protected override GzipConfig? ReadConfig(ObjectReader reader)
    {
        GzipConfig config = CompressionReader.Read(reader, new GzipConfig { Level = 1 }, 1, 9);
        if (reader.Object("buffers") is { } buffers)
        {
            buffers.Integer("number", 1);
            buffers.Integer("size", 1);
            buffers.ForbidOthers();
            reader.Findings.Warn(buffers.At, $"{buffers.At.Path} has no effect here: a compressed answer is buffered no more than any other");
        }

        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(GzipConfig config, PluginServices services) => new GzipPlugin(config);
}
