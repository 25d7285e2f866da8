using Headgate.Core.Config.Reading;

namespace Headgate.Proxy.Plugins.UriBlocker;

/// <summary><c>uri-blocker</c>: refuses targets that match a pattern.</summary>
internal sealed class UriBlockerKind : PluginKind<UriBlockerConfig>
{
    /// <inheritdoc/>
    public override string Name => "uri-blocker";

    /// <inheritdoc/>
    public override int Priority => 2900;

    /// <inheritdoc/>
    protected override UriBlockerConfig? ReadConfig(ObjectReader reader)
    {
        reader.Require("block_rules");
        var config = new UriBlockerConfig
        {
            BlockRules = SchemaRules.Patterns(reader, "block_rules", unique: true),
            RejectedCode = reader.Integer("rejected_code", 200, 599) ?? 403,
            RejectedMsg = reader.Text("rejected_msg", 1),
            CaseInsensitive = reader.Flag("case_insensitive") ?? false,
        };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(UriBlockerConfig config, PluginServices services) => new UriBlockerPlugin(config);
}
