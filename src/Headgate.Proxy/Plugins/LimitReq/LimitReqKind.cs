using System.Collections.Immutable;
using System.Globalization;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Limits;

namespace Headgate.Proxy.Plugins.LimitReq;

/// <summary><c>limit-req</c>: limits the rate of requests.</summary>
internal sealed class LimitReqKind : PluginKind<LimitReqConfig>
{
    private static readonly ImmutableArray<string> Policies = ["local", "redis", "redis-cluster"];

    /// <inheritdoc/>
    public override string Name => "limit-req";

    /// <inheritdoc/>
    public override int Priority => 1001;

    /// <inheritdoc/>
    protected override LimitReqConfig? ReadConfig(ObjectReader reader)
    {
        LimitTerms terms = LimitReader.Terms(reader, keyTypes: 2, byDefault: null, Policies, served: 1);
        reader.Require("rate");
        reader.Require("burst");
        double rate = reader.Number("rate") ?? 1;
        if (rate <= 0)
            reader.Findings.Schema(reader.At.Property("rate"), string.Create(CultureInfo.InvariantCulture, $"expected {rate} to be greater than 0"));
        var config = new LimitReqConfig
        {
            Rate = rate,
            Burst = reader.Number("burst", 0, double.MaxValue) ?? 0,
            IsWithoutDelay = reader.Flag("nodelay") ?? false,
            Terms = terms,
        };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(LimitReqConfig config, PluginServices services) => new LimitReqPlugin(config, services.Time);
}
