using Headgate.Proxy.Plugins.Limits;

namespace Headgate.Proxy.Plugins.LimitReq;

/// <summary>Spaces requests out: one that comes before its time waits for it, and one for which too many wait is refused.</summary>
internal sealed class LimitReqPlugin : Plugin
{
    // 50 years: nothing is longer, and sums of a few of them do not overflow.
    private const long NsMax = 3_155_760_000_000_000_000 / 2;
    private const double NsPerSecond = 1e9;

    private readonly LimitTable<LeakyBucket> _table;
    private readonly LimitReqConfig _config;
    private readonly LimitKey _key;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly long _burstNs;

    public LimitReqPlugin(LimitReqConfig config, TimeProvider time)
    {
        (_config, _time, _began) = (config, time, time.GetTimestamp());
        _key = new LimitKey(config.Terms.KeyType, config.Terms.Key);
        double interval = NsPerSecond / config.Rate;
        long intervalNs = (long)Math.Min(interval, NsMax);
        _burstNs = (long)Math.Min(config.Burst * interval, NsMax);
        _table = new LimitTable<LeakyBucket>(LimitTable<LeakyBucket>.KeysMax, _ => new LeakyBucket(intervalNs));
    }

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Access;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> AccessAsync(PluginContext context)
    {
        Span<byte> buffer = stackalloc byte[LimitKey.BytesMax];
        ReadOnlySpan<byte> key = _key.Of(context.Request, buffer);
        long nowNs = _time.GetElapsedTime(_began).Ticks * TimeSpan.NanosecondsPerTick;
        long waitNs;
        do
        {
            waitNs = _table.Get(key, nowNs).Enter(nowNs, _burstNs);
        }
        while (waitNs == LeakyBucket.Retired);

        if (waitNs == LeakyBucket.Full)
            return new(_config.Terms.Refusal.Answer(context));

        // As in APISIX, less than a millisecond is not waited for.
        TimeSpan wait = TimeSpan.FromTicks(waitNs / TimeSpan.NanosecondsPerTick);
        return _config.IsWithoutDelay || wait.TotalMilliseconds < 1 ? default : DelayAsync(context, wait);
    }

    private static async ValueTask<PluginVerdict> DelayAsync(PluginContext context, TimeSpan wait)
    {
        await context.DelayAsync(wait);
        return PluginVerdict.Continue;
    }
}
