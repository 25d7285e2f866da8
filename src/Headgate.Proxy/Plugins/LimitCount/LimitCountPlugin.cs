using System.Runtime.CompilerServices;
using Headgate.Core.Plugins;
using Headgate.Proxy.Plugins.Limits;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Plugins.LimitCount;

/// <summary>Counts requests and refuses those above the limit; says to all how much is left.</summary>
internal sealed class LimitCountPlugin(LimitCountConfig config, CountStore counts, PluginMetadataSlot metadata) : Plugin
{
    private static readonly byte[] FailedBody = JsonBodies.ErrorMsg("failed to limit count");

    private readonly LimitKey _key = new(config.Terms.KeyType, config.Terms.Key);

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Access;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> AccessAsync(PluginContext context)
    {
        Span<byte> buffer = stackalloc byte[LimitKey.BytesMax];
        ValueTask<CountResult> counted = counts.EnterAsync(_key.Of(context.Request, buffer));
        return counted.IsCompletedSuccessfully ? new(Decide(context, counted.Result)) : DecideAsync(context, counted);
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<PluginVerdict> DecideAsync(PluginContext context, ValueTask<CountResult> counted) => Decide(context, await counted);

    private PluginVerdict Decide(PluginContext context, CountResult result)
    {
        if (result.Outcome == CountOutcome.Failed)
            return config.Terms.AllowsDegradation ? PluginVerdict.Continue : context.Answer(500, JsonBodies.ContentType, FailedBody);
        if (config.ShowsQuota)
            (metadata.Current as QuotaFields ?? QuotaFields.Default).Show(context.Response, config.Count, result);
        return result.Outcome == CountOutcome.Admitted ? PluginVerdict.Continue : config.Terms.Refusal.Answer(context);
    }
}
