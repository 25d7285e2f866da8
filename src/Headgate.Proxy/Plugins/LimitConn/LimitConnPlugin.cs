using Headgate.Proxy.Plugins.Limits;

namespace Headgate.Proxy.Plugins.LimitConn;

/// <summary>
/// Counts a request from the moment at which it is let in to its end, whatever ends it. Those above <c>conn</c> wait first, longer the more there are. Source: lua-resty-limit-traffic,
/// <c>resty.limit.conn</c>.
/// </summary>
internal sealed class LimitConnPlugin : Plugin
{
    private readonly LimitTable<RequestsUnderWay> _table = new(LimitTable<RequestsUnderWay>.KeysMax, static _ => new RequestsUnderWay());
    private readonly LimitConnConfig _config;
    private readonly LimitKey _key;
    private readonly TimeProvider _time;
    private readonly long _max;

    // Ticks of 100 ns. Written by requests that end, read by those that are to wait: a lost update is one request less in the average.
    private long _delay;

    public LimitConnPlugin(LimitConnConfig config, TimeProvider time)
    {
        (_config, _time) = (config, time);
        _key = new LimitKey(config.Terms.KeyType, config.Terms.Key);
        _max = (long)config.Conn + config.Burst;
        _delay = config.DefaultDelay.Ticks;
    }

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Access | PluginPhases.End;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> AccessAsync(PluginContext context)
    {
        Span<byte> buffer = stackalloc byte[LimitKey.BytesMax];
        ReadOnlySpan<byte> key = _key.Of(context.Request, buffer);
        RequestsUnderWay requests;
        int count;
        do
        {
            requests = _table.Get(key, 0);
            count = requests.Enter(_max);
        }
        while (count == RequestsUnderWay.Retired);

        if (count == 0)
            return new(_config.Terms.Refusal.Answer(context));
        context.Keep(this) = requests;
        if (count > _config.Conn)
            return DelayAsync(context, TimeSpan.FromTicks(Volatile.Read(ref _delay) * ((count - 1) / _config.Conn)));
        context.Note(this) = _time.GetTimestamp();
        return default;
    }

    /// <inheritdoc/>
    public override void OnEnd(PluginContext context)
    {
        ref object? kept = ref context.Keep(this);
        if (kept is not RequestsUnderWay requests)
            return;
        kept = null;
        requests.Leave();
        if (_config.UsesOnlyDefaultDelay || context.Note(this) is not (> 0 and var begun))
            return;
        Volatile.Write(ref _delay, (Volatile.Read(ref _delay) + _time.GetElapsedTime(begun).Ticks) / 2);
    }

    private async ValueTask<PluginVerdict> DelayAsync(PluginContext context, TimeSpan delay)
    {
        await context.DelayAsync(delay);
        context.Note(this) = _time.GetTimestamp();
        return PluginVerdict.Continue;
    }
}
