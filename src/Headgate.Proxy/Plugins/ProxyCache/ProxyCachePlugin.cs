using System.Buffers.Text;
using System.Runtime.CompilerServices;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Plugins.Texts;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>
/// Answers requests with what is kept, and keeps answers. Of requests that ask for the same at the same time one asks the node; the others wait for its answer, but not for long, and not
/// where the last answer was none to keep. Source: RFC 9111, APISIX's <c>proxy-cache</c>.
/// </summary>
internal sealed class ProxyCachePlugin(ProxyCacheConfig config, CacheZone zone, TimeProvider time) : Plugin
{
    // As long as nginx lets requests wait for another's answer (proxy_cache_lock_timeout).
    private const int WaitMs = 5000;

    // A note: the status, whether the request takes out what is kept, and the age of what was given, seconds, plus 1.
    private const int Invalidates = 256;
    private const int AgeShift = 16;

    private readonly CacheRequests _requests = new(config);
    private readonly AnswerKeeper _keeper = new(config, zone, time);

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Access | PluginPhases.ResponseHead | PluginPhases.End;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> AccessAsync(PluginContext context)
    {
        HttpMethod method = context.Exchange.Request.MethodKind;
        if (method == HttpMethod.Purge)
            return new(context.Answer(Remove(context) ? 200 : 404, default, default));
        CacheControl asked = _requests.Asked(context);
        CacheStatus passing = _requests.Passing(context, asked);
        context.Note(this) = (int)passing | (_requests.IsUnsafe(method) ? Invalidates : 0);
        if (passing != CacheStatus.None)
            return default;
        var key = new ByteBuilder(stackalloc byte[512]);
        try
        {
            _requests.WriteKey(context, isPost: method == HttpMethod.Post, ref key);
            return VisitAsync(context, method, key.Bytes, asked);
        }
        finally
        {
            key.Dispose();
        }
    }

    /// <inheritdoc/>
    public override void OnResponseHead(PluginContext context)
    {
        long note = context.Note(this);
        if (note == 0)
            return;
        var status = (CacheStatus)(note & 255);
        if (context.Keep(this) is CacheVisit visit)
            status = _keeper.Judge(context, visit, status);
        else if ((note & Invalidates) != 0 && context.Response is { IsNodes: true, Status: >= 200 and < 400 })
            Remove(context);
        context.Response.Set("Apisix-Cache-Status"u8, CacheRequests.Text(status));
        if (note >> AgeShift > 0)
            SetAge(context.Response, (note >> AgeShift) - 1);
        if (!config.HidesCacheHeaders)
            return;
        context.Response.Remove("expires"u8);
        context.Response.Remove("cache-control"u8);
    }

    /// <inheritdoc/>
    public override void OnEnd(PluginContext context)
    {
        ref object? kept = ref context.Keep(this);
        if (kept is CacheVisit visit)
            visit.End(FillEnd.Failed);
        kept = null;
    }

    private ValueTask<PluginVerdict> VisitAsync(PluginContext context, HttpMethod method, ReadOnlySpan<byte> key, in CacheControl asked)
    {
        CachedAnswer? found = zone.Find(key, context.Forwarded);
        if (MayGive(found, asked, out CacheStatus status))
            return GiveAsync(context, found!, status);
        context.Note(this) = (long)status;
        if (asked.OnlyIfCached)
            return new(context.Answer(504));
        if (method == HttpMethod.Head)
            return default; // what is kept has a body
        var visit = new CacheVisit(zone, key.ToArray()) { Before = found };
        context.Keep(this) = visit;
        if (method == HttpMethod.Get && !zone.Passed.Has(key, context.Clock.NowMs))
            return CollapseAsync(context, visit, asked);
        visit.Ask(null);
        return default;
    }

    /// <summary>Asks the node, or waits for one who does.</summary>
    private ValueTask<PluginVerdict> CollapseAsync(PluginContext context, CacheVisit visit, in CacheControl asked)
    {
        var fill = new CacheFill();
        CacheFill first = zone.Begin(visit.Key, fill);
        if (!ReferenceEquals(first, fill))
            return WaitAsync(context, visit, first, asked);
        visit.Ask(fill);

        // Another one may have ended between the look and this.
        if (zone.Find(visit.Key, context.Forwarded) is { } found && MayGive(found, asked, out CacheStatus status))
        {
            visit.End(FillEnd.Kept);
            return GiveAsync(context, found, status);
        }

        CacheRequests.AskNode(context, visit);
        return default;
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<PluginVerdict> WaitAsync(PluginContext context, CacheVisit visit, CacheFill first, CacheControl asked)
    {
        long endMs = context.Clock.NowMs + WaitMs;
        while (true)
        {
            FillEnd end = await FillWait.RunAsync(context.Exchange, context.Clock, first, endMs);
            CachedAnswer? found = zone.Find(visit.Key, context.Forwarded);
            if (MayGive(found, asked, out CacheStatus status))
                return await GiveAsync(context, found!, status);
            visit.Before = found;
            CacheFill? fill = end == FillEnd.Failed ? new CacheFill() : null;
            if (fill is not null)
                first = zone.Begin(visit.Key, fill);
            if (fill is not null && !ReferenceEquals(first, fill))
                continue;
            visit.Ask(fill);
            CacheRequests.AskNode(context, visit);
            return PluginVerdict.Continue;
        }
    }

    private ValueTask<PluginVerdict> GiveAsync(PluginContext context, CachedAnswer answer, CacheStatus status)
    {
        context.Keep(this) = null;
        long seconds = (long)answer.Life.Age(time.GetTimestamp(), time).TotalSeconds;
        context.Note(this) = (long)status | ((seconds + 1) << AgeShift);
        return CacheSender.AnswerAsync(context, answer, CacheConditions.IsMet(answer, context.Forwarded));
    }

    /// <summary>Whether it may be given as it is (RFC 9111 §4.2); what the client is told of the cache in either case.</summary>
    private bool MayGive(CachedAnswer? found, in CacheControl asked, out CacheStatus status)
    {
        status = CacheStatus.Miss;
        if (found is null)
            return false;
        long now = time.GetTimestamp();
        TimeSpan left = found.Life.LeftAt(now, time);
        bool isFresh = left > TimeSpan.Zero;
        bool isWanted = !(asked.MaxAge >= 0 && found.Life.Age(now, time) > TimeSpan.FromSeconds(asked.MaxAge)) && !(asked.MinFresh >= 0 && left < TimeSpan.FromSeconds(asked.MinFresh));
        bool isTaken = asked.MaxStale >= 0 && !found.Life.MustRevalidate && (asked.MaxStale == long.MaxValue || -left <= TimeSpan.FromSeconds(asked.MaxStale));
        status = isFresh ? isWanted ? CacheStatus.Hit : CacheStatus.Stale : isWanted && isTaken ? CacheStatus.Stale : CacheStatus.Expired;
        return isWanted && (isFresh || isTaken);
    }

    /// <summary>Takes out what is kept for the request's target; false when there is nothing.</summary>
    private bool Remove(PluginContext context)
    {
        var key = new ByteBuilder(stackalloc byte[512]);
        _requests.WriteKey(context, isPost: false, ref key);
        bool any = zone.Remove(key.Bytes.ToArray());
        key.Clear();
        _requests.WriteKey(context, isPost: true, ref key);
        any |= zone.Remove(key.Bytes.ToArray());
        key.Dispose();
        return any;
    }

    private static void SetAge(ResponseEdits response, long seconds)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(seconds, text, out int length);
        response.Set("Age"u8, text[..length]);
    }
}
