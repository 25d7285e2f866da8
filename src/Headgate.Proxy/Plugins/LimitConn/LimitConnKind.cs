using System.Collections.Immutable;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Limits;

namespace Headgate.Proxy.Plugins.LimitConn;

/// <summary><c>limit-conn</c>: limits the requests under way.</summary>
internal sealed class LimitConnKind : PluginKind<LimitConnConfig>
{
    private static readonly ImmutableArray<string> Policies = ["local", "redis", "redis-cluster"];

    /// <inheritdoc/>
    public override string Name => "limit-conn";

    /// <inheritdoc/>
    public override int Priority => 1003;

    /// <inheritdoc/>
    protected override LimitConnConfig? ReadConfig(ObjectReader reader)
    {
        LimitReader.ForbidRules(reader);
        LimitTerms terms = LimitReader.Terms(reader, keyTypes: 2, byDefault: null, Policies, served: 1);
        reader.Require("default_conn_delay");
        var config = new LimitConnConfig
        {
            Conn = LimitReader.Whole(reader, "conn", 1),
            Burst = LimitReader.Whole(reader, "burst", 0),
            DefaultDelay = reader.Duration("default_conn_delay", aboveZero: true) ?? TimeSpan.Zero,
            UsesOnlyDefaultDelay = reader.Flag("only_use_default_delay") ?? false,
            Terms = terms,
        };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(LimitConnConfig config, PluginServices services) => new LimitConnPlugin(config, services.Time);
}
