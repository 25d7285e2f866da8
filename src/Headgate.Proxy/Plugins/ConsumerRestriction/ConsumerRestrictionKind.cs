using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.ConsumerRestriction;

/// <summary><c>consumer-restriction</c>: lets consumers in, or keeps them out.</summary>
internal sealed class ConsumerRestrictionKind : PluginKind<ConsumerRestrictionConfig>
{
    /// <inheritdoc/>
    public override string Name => "consumer-restriction";

    /// <inheritdoc/>
    public override int Priority => 2400;

    /// <summary>The names of <see cref="ConsumerRestrictionType"/>, in its order.</summary>
    internal static ImmutableArray<string> Types { get; } = ["consumer_name", "consumer_group_id", "service_id", "route_id"];

    /// <inheritdoc/>
    protected override ConsumerRestrictionConfig? ReadConfig(ObjectReader reader)
    {
        if (!reader.Has("blacklist") && !reader.Has("whitelist") && !reader.Has("allowed_by_methods"))
            SchemaRules.Refuse(reader, "object matches none of the required: [\"blacklist\"] or [\"whitelist\"] or [\"allowed_by_methods\"]");
        var config = new ConsumerRestrictionConfig
        {
            Type = reader.Choice("type", Types) is { } type ? (ConsumerRestrictionType)Types.IndexOf(type) : ConsumerRestrictionType.ConsumerName,
            Whitelist = new(reader.Items<string>("whitelist", 1, unique: false, ItemReaders.Text) ?? []),
            Blacklist = new(reader.Items<string>("blacklist", 1, unique: false, ItemReaders.Text) ?? []),
            AllowedByMethods = new(reader.Items<MethodRule>("allowed_by_methods", 0, unique: false, ReadRule) ?? []),
            RejectedCode = reader.Integer("rejected_code", 200, 599) ?? 403,
            RejectedMsg = reader.Text("rejected_msg"),
        };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(ConsumerRestrictionConfig config, PluginServices services) => new ConsumerRestrictionPlugin(config);

    private static bool ReadRule(JsonElement value, Location at, Findings findings, out MethodRule rule)
    {
        rule = new MethodRule("", []);
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return false;
        reader.Require("user");
        reader.Require("methods");
        string? user = reader.Text("user");
        ImmutableArray<string>? methods = reader.Items<string>("methods", 1, unique: false, ItemReaders.Method);
        reader.ForbidOthers();
        if (user is null || methods is null)
            return false;
        rule = new MethodRule(user, new EquatableArray<string>(methods.Value));
        return true;
    }
}
