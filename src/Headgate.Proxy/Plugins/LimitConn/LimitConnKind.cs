using System.Collections.Immutable;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Limits;

namespace Headgate.Proxy.Plugins.LimitConn;

/// <summary><c>limit-conn</c>: limits the requests under way.</summary>
internal sealed class LimitConnKind : PluginKind<LimitConnConfig>
{
    private static readonly ImmutableArray<string> KeyTypes = ["var", "var_combination"];
    private static readonly ImmutableArray<string> Policies = ["local", "redis", "redis-cluster"];

    /// <inheritdoc/>
    public override string Name => "limit-conn";

    /// <inheritdoc/>
    public override int Priority => 1003;

    /// <inheritdoc/>
    protected override LimitConnConfig? ReadConfig(ObjectReader reader)
    {
        LimitReader.ForbidRules(reader);
        LimitReader.Policy(reader, Policies);
        (LimitKeyType type, string key) = LimitReader.Key(reader, KeyTypes, byDefault: null);
        reader.Require("default_conn_delay");
        var config = new LimitConnConfig
        {
            Conn = LimitReader.Whole(reader, "conn", 1),
            Burst = LimitReader.Whole(reader, "burst", 0),
            DefaultDelay = reader.Duration("default_conn_delay", aboveZero: true) ?? TimeSpan.Zero,
            UsesOnlyDefaultDelay = reader.Flag("only_use_default_delay") ?? false,
            KeyType = type,
            Key = key,
            Refusal = LimitReader.Refusal(reader),
        };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(LimitConnConfig config, PluginServices services) => new LimitConnPlugin(config, services.Time);
}
