using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Authentication;

namespace Headgate.Proxy.Plugins.MultiAuth;

/// <summary><c>multi-auth</c>: clients may say in one of several ways who they are.</summary>
internal sealed class MultiAuthKind : PluginKind<MultiAuthConfig>
{
    /// <inheritdoc/>
    public override string Name => "multi-auth";

    /// <inheritdoc/>
    public override int Priority => 2600;

    /// <inheritdoc/>
    public override bool IsAuthentication => true;

    /// <inheritdoc/>
    protected override MultiAuthConfig? ReadConfig(ObjectReader reader)
    {
        reader.Require("auth_plugins");
        ImmutableArray<EquatableArray<AuthenticationWay>> items = reader.Items<EquatableArray<AuthenticationWay>>("auth_plugins", 2, unique: false, ReadItem) ?? [];
        reader.ForbidOthers();
        return items.IsEmpty ? null : new MultiAuthConfig([.. items.SelectMany(static item => item)]);
    }

    /// <inheritdoc/>
    protected override Plugin Make(MultiAuthConfig config, PluginServices services) =>
        new MultiAuthPlugin([.. config.Ways.Select(way => (AuthenticationPlugin)((PluginKind)way.Plugin).Make(way.Config, services))]);

    private static bool ReadItem(JsonElement value, Location at, Findings findings, out EquatableArray<AuthenticationWay> item)
    {
        item = [];
        if (ObjectReader.Open(value, at, findings) is null)
            return false;
        var ways = new List<AuthenticationWay>();
        if (value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() == 0)
            findings.Schema(at, "no plugin is named");
        else
            ways.AddRange(value.EnumerateObject().Select(plugin => ReadWay(plugin, at, findings)).OfType<AuthenticationWay>());
        item = [.. ways];
        return ways.Count > 0;
    }

    private static AuthenticationWay? ReadWay(JsonProperty entry, Location at, Findings findings)
    {
        if (!findings.Plugins.TryGet(entry.Name, out PluginDefinition? plugin))
            findings.Schema(at, $"{entry.Name} plugin did not found");
        else if (plugin is not IIdentifyingKind)
            findings.Schema(at, $"{entry.Name} plugin is not supported");
        else if (ObjectReader.Open(entry.Value, at.Property(entry.Name), findings) is { } reader && plugin.Read(reader) is { } config)
            return new AuthenticationWay(plugin, config);
        return null;
    }
}
