using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.RefererRestriction;

/// <summary><c>referer-restriction</c>: lets pages call, or keeps them out, by the host of their address.</summary>
internal sealed class RefererRestrictionKind : PluginKind<RefererRestrictionConfig>
{
    /// <inheritdoc/>
    public override string Name => "referer-restriction";

    /// <inheritdoc/>
    public override int Priority => 2990;

    /// <inheritdoc/>
    protected override RefererRestrictionConfig? ReadConfig(ObjectReader reader)
    {
        SchemaRules.RequireOneOf(reader, "whitelist", "blacklist");
        var defaults = new RefererRestrictionConfig();
        var config = new RefererRestrictionConfig
        {
            Whitelist = ReadHosts(reader, "whitelist"),
            Blacklist = ReadHosts(reader, "blacklist"),
            BypassMissing = reader.Flag("bypass_missing") ?? defaults.BypassMissing,
            Message = reader.Text("message", 1, 1024) ?? defaults.Message,
        };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(RefererRestrictionConfig config, PluginServices services) => new RefererRestrictionPlugin(config);

    private static EquatableArray<string> ReadHosts(ObjectReader reader, string name) => new(reader.Items<string>(name, 1, unique: false, ItemReaders.Host) ?? []);
}
