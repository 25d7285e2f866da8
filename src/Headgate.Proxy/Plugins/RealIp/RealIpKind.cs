using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.RealIp;

/// <summary><c>real-ip</c>: takes the client's address from what a proxy in front has written.</summary>
internal sealed class RealIpKind : PluginKind<RealIpConfig>
{
    /// <inheritdoc/>
    public override string Name => "real-ip";

    /// <inheritdoc/>
    public override int Priority => 23000;

    /// <inheritdoc/>
    protected override RealIpConfig? ReadConfig(ObjectReader reader)
    {
        reader.Require("source");
        string source = reader.Text("source", 1) ?? "";
        var trusted = new EquatableArray<string>(reader.Items<string>("trusted_addresses", 1, unique: false, ItemReaders.Address) ?? []);
        bool recursive = reader.Flag("recursive") ?? false;
        reader.ForbidOthers();
        Location at = reader.At.Property("source");
        if (source.Length > 0 && !RequestVariable.Parse(source).IsSupported)
            reader.Findings.Warn(at, $"{at.Path}: {source} is not known here, so that no address is ever taken from it");
        if (recursive && (trusted.Count == 0 || source != RealIpPlugin.ForwardedFor))
            reader.Findings.Warn(reader.At.Property("recursive"), $"recursive has no effect without trusted_addresses and with another source than {RealIpPlugin.ForwardedFor}");
        return new RealIpConfig(source, trusted, recursive);
    }

    /// <inheritdoc/>
    protected override Plugin Make(RealIpConfig config, PluginServices services) => new RealIpPlugin(config);
}
