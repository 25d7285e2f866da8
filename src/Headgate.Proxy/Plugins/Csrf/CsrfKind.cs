using System.Text;
using Headgate.Core.Config.Reading;

namespace Headgate.Proxy.Plugins.Csrf;

/// <summary><c>csrf</c>: takes what changes something only from pages that can read a cookie of this host.</summary>
internal sealed class CsrfKind : PluginKind<CsrfConfig>
{
    /// <inheritdoc/>
    public override string Name => "csrf";

    /// <inheritdoc/>
    public override int Priority => 2980;

    /// <inheritdoc/>
    public override IReadOnlyList<string> SecretFields => ["key"];

    /// <inheritdoc/>
    protected override CsrfConfig? ReadConfig(ObjectReader reader)
    {
        reader.Require("key");
        var config = new CsrfConfig(reader.Text("key") ?? "", reader.Integer("expires", int.MinValue) ?? 7200, reader.Text("name") ?? "apisix-csrf-token");
        reader.ForbidOthers();
        Location at = reader.At.Property("name");
        if (config.TokenName.Length > 256 || !HeaderTexts.IsToken(config.TokenName) || RequestEdits.IsGateways(Encoding.ASCII.GetBytes(config.TokenName)))
            reader.Findings.Add(Phase.Own, at, $"{at.Path} is no name of a cookie and of a header field: 1 to 256 letters, digits and !#$%&'*+-.^_`|~");
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(CsrfConfig config, PluginServices services) => new CsrfPlugin(config, services);
}
