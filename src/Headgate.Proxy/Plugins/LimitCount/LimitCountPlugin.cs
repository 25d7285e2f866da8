using System.Buffers.Text;
using System.Runtime.CompilerServices;
using Headgate.Proxy.Plugins.Limits;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Plugins.LimitCount;

/// <summary>Counts requests and refuses those above the limit; says to all how much is left.</summary>
internal sealed class LimitCountPlugin(LimitCountConfig config, CountStore counts) : Plugin
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
            ShowQuota(context.Response, result);
        return result.Outcome == CountOutcome.Admitted ? PluginVerdict.Continue : config.Terms.Refusal.Answer(context);
    }

    private void ShowQuota(ResponseEdits response, CountResult result)
    {
        Span<byte> text = stackalloc byte[32];
        response.Set("X-RateLimit-Limit"u8, Write(config.Count, text));
        response.Set("X-RateLimit-Remaining"u8, Write(result.Remaining, text));
        response.Set("X-RateLimit-Reset"u8, WriteSeconds(result.ResetMs, text));
    }

    private static ReadOnlySpan<byte> Write(long number, Span<byte> text)
    {
        Utf8Formatter.TryFormat(number, text, out int length);
        return text[..length];
    }

    /// <summary>Seconds to the hundredth, without noughts behind: <c>60</c>, <c>59.9</c>.</summary>
    private static ReadOnlySpan<byte> WriteSeconds(long ms, Span<byte> text)
    {
        (long seconds, long hundredths) = Math.DivRem(ms / 10, 100);
        Utf8Formatter.TryFormat(seconds, text, out int length);
        if (hundredths == 0)
            return text[..length];
        text[length++] = (byte)'.';
        text[length++] = (byte)('0' + (hundredths / 10));
        if (hundredths % 10 != 0)
            text[length++] = (byte)('0' + (hundredths % 10));
        return text[..length];
    }
}
