using Headgate.Core.Config.Reading;

namespace Headgate.Proxy.Plugins.UaRestriction;

/// <summary><c>ua-restriction</c>: lets programs in, or keeps them out, by the name that they give.</summary>
internal sealed class UaRestrictionKind : PluginKind<UaRestrictionConfig>
{
    /// <inheritdoc/>
    public override string Name => "ua-restriction";

    /// <inheritdoc/>
    public override int Priority => 2999;

    /// <inheritdoc/>
    protected override UaRestrictionConfig? ReadConfig(ObjectReader reader)
    {
        SchemaRules.RequireOneOf(reader, "allowlist", "denylist");
        var defaults = new UaRestrictionConfig();
        var config = new UaRestrictionConfig
        {
            Allowlist = SchemaRules.Patterns(reader, "allowlist", unique: false),
            Denylist = SchemaRules.Patterns(reader, "denylist", unique: false),
            BypassMissing = reader.Flag("bypass_missing") ?? defaults.BypassMissing,
            Message = reader.Text("message", 1, 1024) ?? defaults.Message,
        };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(UaRestrictionConfig config, PluginServices services) => new UaRestrictionPlugin(config);
}
