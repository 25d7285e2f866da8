using System.Runtime.CompilerServices;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Plugins;

/// <summary>
/// Takes a request through its plugins: in each phase the global rules' first, then the route's and its consumer's. Where nothing has to wait, which is almost always, a phase is a plain
/// loop. A plugin that throws is never skipped: what it should have decided is refused. One for each request in work, used by its flow.
/// </summary>
internal sealed class PluginRun(PluginContext context)
{
    private GlobalRules _globalRules = GlobalRules.None;
    private CompiledChain _global = CompiledChain.Empty;
    private CompiledChain _route = CompiledChain.Empty;
    private PluginWalk _walk;
    private bool _isOpen;

    /// <summary>Whether a plugin of the global rules or the route looks at what became of the request and its tries.</summary>
    public bool Traces => _global.Traces || _route.Traces;

    /// <summary>A request begins; <paramref name="route"/>: null = none matches, and only the global rules run.</summary>
    public void Begin(GlobalRules globalRules, RouteSnapshot? route)
    {
        _globalRules = globalRules;
        _global = globalRules.Chain as CompiledChain ?? CompiledChain.Empty;
        _route = route?.Chain as CompiledChain ?? CompiledChain.Empty;
        _isOpen = true;
    }

    /// <summary><see cref="PluginPhases.Rewrite"/> and <see cref="PluginPhases.Access"/> of the global rules; false when the request is answered.</summary>
    public ValueTask<bool> AdmitGloballyAsync()
    {
        if (_globalRules.IsBroken)
        {
            context.AnswerForGateway(503);
            return new ValueTask<bool>(false);
        }

        if (_global.Plugins.Length == 0)
            return new ValueTask<bool>(true);
        _walk = new PluginWalk(_global, PluginPhases.Rewrite);
        ValueTask<bool> rewritten = WalkAsync(PluginPhases.Rewrite);
        if (!rewritten.IsCompletedSuccessfully)
            return GlobalAccessAfterAsync(rewritten);
        if (!rewritten.Result)
            return new ValueTask<bool>(false);
        _walk = new PluginWalk(_global, PluginPhases.Access);
        return WalkAsync(PluginPhases.Access);
    }

    /// <summary><see cref="PluginPhases.Rewrite"/> and <see cref="PluginPhases.Access"/> of route and consumer; false when the request is answered.</summary>
    public ValueTask<bool> AdmitAsync()
    {
        _walk = new PluginWalk(_route, PluginPhases.Rewrite);
        ValueTask<bool> rewritten = WalkAsync(PluginPhases.Rewrite);
        if (!rewritten.IsCompletedSuccessfully || context.Consumer is { IsBroken: true } or { Chain: not null })
            return AdmitConsumerAsync(rewritten);
        if (!rewritten.Result)
            return new ValueTask<bool>(false);
        _walk = new PluginWalk(_route, context.Consumer, PluginPhases.Access);
        return WalkAsync(PluginPhases.Access);
    }

    /// <summary><see cref="PluginPhases.BeforeProxy"/>; false when the request is answered.</summary>
    public ValueTask<bool> BeforeProxyAsync()
    {
        _walk = new PluginWalk(_global, PluginPhases.BeforeProxy);
        ValueTask<bool> global = WalkAsync(PluginPhases.BeforeProxy);
        if (!global.IsCompletedSuccessfully)
            return BeforeProxyAfterAsync(global);
        if (!global.Result)
            return new ValueTask<bool>(false);
        _walk = new PluginWalk(_route, context.Consumer, PluginPhases.BeforeProxy);
        return WalkAsync(PluginPhases.BeforeProxy);
    }

    /// <summary><see cref="PluginPhases.ResponseHead"/>, and <see cref="PluginPhases.ResponseBody"/> behind it.</summary>
    public void OnResponseHead()
    {
        if (!_isOpen)
            return;
        OnResponseHead(new PluginWalk(_global, PluginPhases.ResponseHead), PluginPhases.ResponseHead);
        OnResponseHead(new PluginWalk(_route, context.Consumer, PluginPhases.ResponseHead), PluginPhases.ResponseHead);
        OnResponseHead(new PluginWalk(_global, PluginPhases.ResponseBody), PluginPhases.ResponseBody);
        OnResponseHead(new PluginWalk(_route, context.Consumer, PluginPhases.ResponseBody), PluginPhases.ResponseBody);
    }

    /// <summary><see cref="PluginPhases.End"/>, once: nothing happens when it is called again.</summary>
    public void OnEnd()
    {
        if (!_isOpen)
            return;
        _isOpen = false;
        context.Body.Release();
        context.RequestBody.EndEarly();
        OnEnd(_global, null);
        OnEnd(_route, context.Consumer);
        if (context.Consumer?.Chain is CompiledChain consumers)
            OnEnd(consumers, null);
        context.RequestBody.Release();
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<bool> GlobalAccessAfterAsync(ValueTask<bool> rewritten)
    {
        if (!await rewritten)
            return false;
        _walk = new PluginWalk(_global, PluginPhases.Access);
        return await WalkAsync(PluginPhases.Access);
    }

    /// <summary>What the consumer brings that the route does not have begins only now, with its rewrite.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<bool> AdmitConsumerAsync(ValueTask<bool> rewritten)
    {
        if (!await rewritten)
            return false;
        if (context.Consumer is { } consumer)
        {
            if (consumer.IsBroken)
            {
                context.AnswerForGateway(503);
                return false;
            }

            if (consumer.Chain is CompiledChain chain && !await RewriteForConsumerAsync(chain))
                return false;
        }

        _walk = new PluginWalk(_route, context.Consumer, PluginPhases.Access);
        return await WalkAsync(PluginPhases.Access);
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<bool> RewriteForConsumerAsync(CompiledChain consumers)
    {
        foreach (RunningPlugin running in consumers.In(PluginPhases.Rewrite))
        {
            // One that the route has too has run already, with the route's configuration.
            if (!_route.Has(running.Setting.Plugin) && !await RunAsync(PluginPhases.Rewrite, running))
                return false;
        }

        return true;
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<bool> BeforeProxyAfterAsync(ValueTask<bool> global)
    {
        if (!await global)
            return false;
        _walk = new PluginWalk(_route, context.Consumer, PluginPhases.BeforeProxy);
        return await WalkAsync(PluginPhases.BeforeProxy);
    }

    /// <summary>Runs what is left of the walk; false when a plugin has answered.</summary>
    private ValueTask<bool> WalkAsync(PluginPhases phase)
    {
        while (_walk.Next() is { } running)
        {
            ValueTask<bool> went = RunAsync(phase, running);
            if (!went.IsCompletedSuccessfully)
                return WalkAfterAsync(phase, went);
            if (!went.Result)
                return new ValueTask<bool>(false);
        }

        return new ValueTask<bool>(true);
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<bool> WalkAfterAsync(PluginPhases phase, ValueTask<bool> went) => await went && await WalkAsync(phase);

    /// <summary>Runs one plugin; false when it has answered.</summary>
    private ValueTask<bool> RunAsync(PluginPhases phase, RunningPlugin running)
    {
        try
        {
            if (!running.Takes(context))
                return new ValueTask<bool>(true);
            context.Running = running;
            ValueTask<PluginVerdict> verdict = phase switch
            {
                PluginPhases.Rewrite => running.Plugin.RewriteAsync(context),
                PluginPhases.Access => running.Plugin.AccessAsync(context),
                _ => running.Plugin.BeforeProxyAsync(context),
            };
            return verdict.IsCompletedSuccessfully ? new ValueTask<bool>(verdict.Result != PluginVerdict.Answered) : RunAfterAsync(running, verdict);
        }
        catch (Exception bug)
        {
            return new ValueTask<bool>(Refuse(running, bug));
        }
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<bool> RunAfterAsync(RunningPlugin running, ValueTask<PluginVerdict> verdict)
    {
        try
        {
            return await verdict != PluginVerdict.Answered;
        }
        catch (Exception bug)
        {
            return Refuse(running, bug);
        }
    }

    private void OnResponseHead(PluginWalk walk, PluginPhases phase)
    {
        while (walk.Next() is { } running)
        {
            try
            {
                if (!running.Takes(context))
                    continue;
                context.Running = running;
                if (phase == PluginPhases.ResponseHead)
                    running.Plugin.OnResponseHead(context);
                else
                    running.Plugin.OnResponseBody(context);
            }
            catch (Exception bug)
            {
                running.LogFailure(context, bug);
            }
        }
    }

    /// <summary>One whose place a consumer's has taken is told only if it holds something.</summary>
    private void OnEnd(CompiledChain chain, ConsumerSnapshot? consumer)
    {
        foreach (RunningPlugin running in chain.In(PluginPhases.End))
        {
            try
            {
                if (context.Keeps(running.Plugin) || (consumer?.Replaces(running.Setting.Plugin) != true && running.Takes(context)))
                    running.Plugin.OnEnd(context);
            }
            catch (Exception bug)
            {
                running.LogFailure(context, bug);
            }
        }
    }

    private bool Refuse(RunningPlugin running, Exception bug)
    {
        running.LogFailure(context, bug);
        context.AnswerForGateway(500);
        return false;
    }
}
