using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Headgate.Core.Config;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Proxy.Explain;
using Headgate.Proxy.Plugins;
using Headgate.Proxy.Telemetry;
using Headgate.Proxy.Telemetry.Logs;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy;

/// <summary>
/// A request's path, in order (docs/request-walk.md tells it in prose):
/// <code>
/// 1 pin       one snapshot of the configuration for the whole request
/// 2 match     the route
/// 3 admit     what the gateway refuses itself, then the plugins
/// 4 forward   a node is picked and tried; on failure another, as long as that is safe
/// 5 reply     the last bytes to the client
/// 6 learn     counters; exactly once, also when the client went away
/// </code>
/// Written against <see cref="Exchange"/>, so that it is the same for every protocol a client may speak. Runs on the thread that received the request and
/// never blocks it.
/// </summary>
public sealed class RequestPipeline
{
    /// <summary>Status of a request whose client went away; nginx's.</summary>
    private const int ClientGone = 499;

    private readonly SnapshotHolder _snapshots;
    private readonly NodeTries _tries;
    private readonly ProxyCounters _counters;
    private readonly DecisionRing? _decisions;
    private readonly ExplainHeader? _explains;
    private readonly AccessLog? _log;
    private readonly int _writer;
    private readonly bool _traces;

    /// <summary>
    /// Makes the pipeline. <paramref name="writer"/>: as <see cref="RequestTrace.Writer"/>. <paramref name="decisions"/>: keeps what was done with requests; null, as mostly = nobody does.
    /// <paramref name="explains"/>: finds requests whose answer says what was done with them; null, as mostly = none does. <paramref name="log"/>: takes a line for each request; null =
    /// there is none.
    /// </summary>
    internal RequestPipeline(
        SnapshotHolder snapshots, NodeTries tries, ProxyCounters counters, int writer = 0, DecisionRing? decisions = null, ExplainHeader? explains = null, AccessLog? log = null)
    {
        _writer = writer;
        _log = log;
        _traces = decisions is not null || log is not null;
        _explains = explains;
        _snapshots = snapshots;
        _tries = tries;
        _counters = counters;
        _decisions = decisions;
    }

    /// <summary>Answers the request. Never throws for anything that a client, a node or the network does.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder))]
    public async ValueTask RunAsync(Exchange exchange)
    {
        if (_traces)
            exchange.BeginTrace(_writer, notesPicks: _decisions is not null);
        GatewaySnapshot snapshot = _snapshots.Current; // 1 pin
        RouteSnapshot? route = snapshot.Match(exchange); // 2 match
        route?.Traffic.Count(_writer);
        _explains?.Begin(exchange, snapshot, route);
        if (exchange.Tls is { } tls && !tls.Admits(exchange, snapshot.Certificates))
            Refuse(exchange, 400, "the host asks for a certificate that the client's connection was not made with");
        else if (route?.Chain is not null || !ReferenceEquals(snapshot.GlobalRules, GlobalRules.None))
            await ThroughPluginsAsync(exchange, snapshot, route);
        else if (MayEnter(exchange, route) && MayHaveBody(exchange) && UpstreamFor(exchange, snapshot, route) is { } upstream) // 3 admit
            await _tries.RunAsync(exchange, route, upstream); // 4 forward

        await exchange.FlushAsync(); // 5 reply
        if (exchange.Upload.State == UploadState.Running)
            exchange.DropBody();
        await exchange.Upload.Completion;
        _counters.OnRequestEnd(exchange.Status, exchange.IsClientGone); // 6 learn
        if (exchange.Trace is { } trace)
            EndTrace(exchange, trace, snapshot, route);
        exchange.Plugins?.Run.OnEnd();
    }

    /// <summary>Counts a request whose answer is out; called by the front for those that never got as far as a pipeline (a head that was refused).</summary>
    public void Learn(Exchange exchange)
    {
        _counters.OnRequestEnd(exchange.Status, exchange.IsClientGone);
        if (_log is null)
            return;
        RequestTrace trace = exchange.BeginTrace(_writer);
        trace.End(null, null, exchange.Status);
        _log.Add(exchange, trace);
    }

    /// <summary>Everything is known of the request: those who look at it afterwards are told. Plugins are, by their own phase.</summary>
    private void EndTrace(Exchange exchange, RequestTrace trace, GatewaySnapshot snapshot, RouteSnapshot? route)
    {
        UpstreamSnapshot? upstream = exchange.Plugins is { UpstreamSlot: >= 0 and var chosen } ? snapshot.Upstream(chosen) : snapshot.UpstreamOf(route);
        trace.End(route, upstream, exchange.IsClientGone ? ClientGone : exchange.Status);
        _decisions?.End(exchange, trace);
        _log?.Add(exchange, trace);
    }

    /// <summary>A request with plugins. They are told of its end when its answer is out, or here when a mistake of ours ends it.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder))]
    private async ValueTask ThroughPluginsAsync(Exchange exchange, GatewaySnapshot snapshot, RouteSnapshot? route)
    {
        PluginContext context = exchange.BeginPlugins(snapshot, route, _tries.Clock, _writer);
        PluginRun run = context.Run;
        try
        {
            if (await run.AdmitGloballyAsync() && MayEnter(exchange, route) && await run.AdmitAsync() && MayHaveBody(exchange)
                && UpstreamFor(exchange, snapshot, route, context) is { } upstream && await run.BeforeProxyAsync())
            {
                await _tries.RunAsync(exchange, route, upstream);
            }
        }
        catch
        {
            exchange.Trace?.End(route, null, exchange.Status);
            run.OnEnd();
            throw;
        }
    }

    /// <summary>Whether the request goes any further; if not, it is answered.</summary>
    private static bool MayEnter(Exchange exchange, [NotNullWhen(true)] RouteSnapshot? route)
    {
        if (route is null || route.Target == RouteTarget.MissingService)
            Refuse(exchange, 404);
        else if (exchange.Request.MethodKind == Http1.HttpMethod.Trace)
            Refuse(exchange, 405, "TRACE is not served"); // would show a client what the gateway adds for nodes (RFC 9110 §9.3.8)
        else if (route.Target == RouteTarget.MissingPlugin)
            Refuse(exchange, 503); // a plugin is never skipped
        else
            return true;
        return false;
    }

    /// <summary>Whether the body is announced to be within its limit, which plugins may have changed; if not, the request is answered.</summary>
    private static bool MayHaveBody(Exchange exchange)
    {
        if (exchange.MayHaveBody)
            return true;
        Refuse(exchange, 413, "the body is larger than headgate.limits.body_bytes_max");
        return false;
    }

    /// <summary>As <see cref="UpstreamFor(Exchange, GatewaySnapshot, RouteSnapshot)"/>, when a plugin may have chosen another one.</summary>
    private static UpstreamSnapshot? UpstreamFor(Exchange exchange, GatewaySnapshot snapshot, RouteSnapshot route, PluginContext context)
    {
        if (context.UpstreamSlot < 0)
            return UpstreamFor(exchange, snapshot, route);
        if (snapshot.Upstream(context.UpstreamSlot) is not { } upstream)
            return Refuse(exchange, 500, "the upstream that a plugin has chosen does not exist");
        exchange.Account?.SendTo(upstream);
        return AdmitTo(upstream, exchange);
    }

    /// <summary>The upstream that serves the request; null when the gateway has answered itself.</summary>
    private static UpstreamSnapshot? UpstreamFor(Exchange exchange, GatewaySnapshot snapshot, RouteSnapshot route) => route.Target switch
    {
        RouteTarget.Upstream => snapshot.Upstream(route.UpstreamSlot) is { } upstream ? AdmitTo(upstream, exchange) : Refuse(exchange, 502),
        RouteTarget.MissingUpstream => Refuse(exchange, 502),
        _ => Refuse(exchange, 503),
    };

    /// <summary>Nodes that speak something else than HTTP/1.1 are never sent HTTP/1.1, and no upstream more than it takes.</summary>
    private static UpstreamSnapshot? AdmitTo(UpstreamSnapshot upstream, Exchange exchange)
    {
        if (upstream.Config.Scheme is not (UpstreamScheme.Http or UpstreamScheme.Https))
            return Refuse(exchange, 503, "the upstream's scheme is not served yet");
        if (upstream.Profile.Tls is { LacksClientCert: true })
            return Refuse(exchange, 502, "the certificate that tls.client_cert_id names does not exist, or is not for nodes");
        return upstream.Policies is { Rate: { } rate } policies && !rate.TryPass(NowNs, out int seconds) ? RefuseRate(exchange, policies.RejectedCode, seconds) : upstream;
    }

    /// <summary>The clock of rates: the same on every thread, in steps of 100 ns.</summary>
    internal static long NowNs => Stopwatch.GetElapsedTime(0).Ticks * TimeSpan.NanosecondsPerTick;

    private static UpstreamSnapshot? RefuseRate(Exchange exchange, int status, int retryAfterSeconds)
    {
        exchange.RetryAfterSeconds = retryAfterSeconds;
        exchange.Account?.Refuse("the upstream's rate_limit is reached");
        exchange.WriteRefusal(status, "The upstream takes no more requests at the moment.");
        return null;
    }

    private static UpstreamSnapshot? Refuse(Exchange exchange, int status, string? why = null)
    {
        if (why is not null)
            exchange.Account?.Refuse(why);
        exchange.WriteStandardAnswer(status);
        return null;
    }
}
