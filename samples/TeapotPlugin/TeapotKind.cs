using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins;

namespace Headgate.Samples.Teapot;

/// <summary><c>teapot</c>: answers 418 (RFC 2324).</summary>
public sealed class TeapotKind : PluginKind<TeapotConfig>
{
    /// <inheritdoc/>
    public override string Name => "teapot";

    /// <inheritdoc/>
    public override int Priority => 2500;

    /// <inheritdoc/>
    protected override TeapotConfig? ReadConfig(ObjectReader reader)
    {
        var config = new TeapotConfig(reader.Text("message", 1, 100) ?? "short and stout");
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(TeapotConfig config, PluginServices services) => new TeapotPlugin(config);
}
