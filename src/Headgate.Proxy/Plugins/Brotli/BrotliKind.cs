using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Compression;

namespace Headgate.Proxy.Plugins.Brotli;

/// <summary><c>brotli</c>: compresses answers.</summary>
internal sealed class BrotliKind : PluginKind<BrotliConfig>
{
    private const int WindowBitsMin = 10;

    /// <inheritdoc/>
    public override string Name => "brotli";

    /// <inheritdoc/>
    public override int Priority => 996;

    /// <inheritdoc/>
    protected override BrotliConfig? ReadConfig(ObjectReader reader)
    {
        BrotliConfig config = CompressionReader.Read(reader, new BrotliConfig { Level = 6 }, 0, 11);

        // 0 is the smallest window, as in the library that APISIX uses.
        config = config with { WindowBits = Math.Max(WindowBitsMin, Bits(reader, "lgwin", WindowBitsMin) ?? config.WindowBits) };
        Bits(reader, "lgblock", 16);
        reader.Integer("mode", 0, 2);
        foreach (string name in (string[])["lgblock", "mode"])
        {
            Location at = reader.At.Property(name);
            if (reader.Has(name))
                reader.Findings.Warn(at, $"{at.Path} has no effect here: the encoder chooses it");
        }

        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(BrotliConfig config, PluginServices services) => new BrotliPlugin(config);

    private static int? Bits(ObjectReader reader, string name, int min)
    {
        int? bits = reader.Integer(name);
        if (bits is not null && bits != 0 && (bits < min || bits > 24))
            reader.Findings.Schema(reader.At.Property(name), $"matches none of the enum values (allowed: 0, {min} to 24)");
        return bits;
    }
}
