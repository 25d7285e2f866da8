using System.Collections.Immutable;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.IpRestriction;

/// <summary><c>ip-restriction</c>: lets addresses in, or keeps them out.</summary>
internal sealed class IpRestrictionKind : PluginKind<IpRestrictionConfig>
{
    /// <inheritdoc/>
    public override string Name => "ip-restriction";

    /// <inheritdoc/>
    public override int Priority => 3000;

    /// <inheritdoc/>
    protected override IpRestrictionConfig? ReadConfig(ObjectReader reader)
    {
        if (reader.Has("whitelist") == reader.Has("blacklist"))
            reader.Findings.Schema(reader.At, $"value should match only one schema, but matches {(reader.Has("whitelist") ? "both schemas 1 and 2" : "none")}");
        var defaults = new IpRestrictionConfig();
        var config = new IpRestrictionConfig
        {
            Whitelist = ReadAddresses(reader, "whitelist"),
            Blacklist = ReadAddresses(reader, "blacklist"),
            Message = reader.Text("message", 1, 1024) ?? defaults.Message,
            ResponseCode = reader.Integer("response_code", 403, 404) ?? defaults.ResponseCode,
        };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(IpRestrictionConfig config, PluginServices services) => new IpRestrictionPlugin(config);

    private static EquatableArray<string> ReadAddresses(ObjectReader reader, string name) =>
        new(reader.Items<string>(name, 1, unique: false, ItemReaders.Address) ?? ImmutableArray<string>.Empty);
}
