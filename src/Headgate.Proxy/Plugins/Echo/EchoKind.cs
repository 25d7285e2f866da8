using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.AnswerFields;

namespace Headgate.Proxy.Plugins.Echo;

/// <summary><c>echo</c>: puts text around or in place of bodies.</summary>
internal sealed class EchoKind : PluginKind<EchoConfig>
{
    /// <inheritdoc/>
    public override string Name => "echo";

    /// <inheritdoc/>
    public override int Priority => 412;

    /// <inheritdoc/>
    protected override EchoConfig? ReadConfig(ObjectReader reader)
    {
        var config = new EchoConfig(
            reader.Text("before_body"), reader.Text("body"), reader.Text("after_body"), AnswerFieldReader.Object(reader, "headers", hasVariables: false));
        reader.ForbidOthers();
        if (!reader.Has("before_body") && !reader.Has("body") && !reader.Has("after_body"))
            reader.Findings.Schema(reader.At, "object matches none of the required: [\"before_body\"] or [\"body\"] or [\"after_body\"]");
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(EchoConfig config, PluginServices services) => new EchoPlugin(config);
}
