using System.Runtime.CompilerServices;
using Headgate.Core.Plugins;
using Headgate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins;

/// <summary>
/// The plugins of a route, in running order, and for each phase those that take part in it: a request walks arrays. Where nothing has to wait, which is almost always, a phase
/// is a plain loop. A plugin that throws is never skipped: what it should have decided is refused.
/// </summary>
internal sealed class CompiledChain : PluginChain
{
    private readonly RunningPlugin[] _rewrite;
    private readonly RunningPlugin[] _access;
    private readonly RunningPlugin[] _beforeProxy;
    private readonly RunningPlugin[] _responseHead;
    private readonly RunningPlugin[] _end;
    private readonly ILogger _logger;

    public CompiledChain(RunningPlugin[] plugins, ILogger logger)
    {
        Plugins = plugins;
        _logger = logger;
        _rewrite = In(PluginPhases.Rewrite);
        _access = In(PluginPhases.Access);
        _beforeProxy = In(PluginPhases.BeforeProxy);
        _responseHead = In(PluginPhases.ResponseHead);
        _end = In(PluginPhases.End);
        Traces = plugins.Any(static running => running.Plugin.Traces);
    }

    /// <summary>Whether one of them looks at what became of the request and its tries.</summary>
    public bool Traces { get; }

    /// <summary>All of them, in running order.</summary>
    public RunningPlugin[] Plugins { get; }

    /// <summary>Runs <see cref="PluginPhases.Rewrite"/> and <see cref="PluginPhases.Access"/>; false when a plugin has answered.</summary>
    public ValueTask<bool> AdmitAsync(PluginContext context)
    {
        ValueTask<bool> rewritten = RunAsync(PluginPhases.Rewrite, _rewrite, 0, context);
        if (!rewritten.IsCompletedSuccessfully)
            return AdmitAfterAsync(rewritten, context);
        return rewritten.Result ? RunAsync(PluginPhases.Access, _access, 0, context) : new ValueTask<bool>(false);
    }

    /// <summary>Runs <see cref="PluginPhases.BeforeProxy"/>; false when a plugin has answered.</summary>
    public ValueTask<bool> BeforeProxyAsync(PluginContext context) => RunAsync(PluginPhases.BeforeProxy, _beforeProxy, 0, context);

    /// <summary>Runs <see cref="PluginPhases.ResponseHead"/>.</summary>
    public void OnResponseHead(PluginContext context)
    {
        foreach (RunningPlugin running in _responseHead)
        {
            try
            {
                if (running.Takes(context))
                    running.Plugin.OnResponseHead(context);
            }
            catch (Exception bug)
            {
                PluginLog.Failed(_logger, running.Setting.Plugin.Name, context.Route.Config.Id, bug);
            }
        }
    }

    /// <summary>Runs <see cref="PluginPhases.End"/>.</summary>
    public void OnEnd(PluginContext context)
    {
        foreach (RunningPlugin running in _end)
        {
            try
            {
                if (context.Keeps(running.Plugin) || running.Takes(context))
                    running.Plugin.OnEnd(context);
            }
            catch (Exception bug)
            {
                PluginLog.Failed(_logger, running.Setting.Plugin.Name, context.Route.Config.Id, bug);
            }
        }
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<bool> AdmitAfterAsync(ValueTask<bool> rewritten, PluginContext context) =>
        await rewritten && await RunAsync(PluginPhases.Access, _access, 0, context);

    private ValueTask<bool> RunAsync(PluginPhases phase, RunningPlugin[] plugins, int from, PluginContext context)
    {
        for (int i = from; i < plugins.Length; i++)
        {
            RunningPlugin running = plugins[i];
            try
            {
                if (!running.Takes(context))
                    continue;
                context.Running = running;
                ValueTask<PluginVerdict> verdict = phase switch
                {
                    PluginPhases.Rewrite => running.Plugin.RewriteAsync(context),
                    PluginPhases.Access => running.Plugin.AccessAsync(context),
                    _ => running.Plugin.BeforeProxyAsync(context),
                };
                if (!verdict.IsCompletedSuccessfully)
                    return WaitAsync(phase, plugins, i, context, verdict);
                if (verdict.Result == PluginVerdict.Answered)
                    return new ValueTask<bool>(false);
            }
            catch (Exception bug)
            {
                return new ValueTask<bool>(Refuse(running, context, bug));
            }
        }

        return new ValueTask<bool>(true);
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<bool> WaitAsync(PluginPhases phase, RunningPlugin[] plugins, int at, PluginContext context, ValueTask<PluginVerdict> verdict)
    {
        try
        {
            if (await verdict == PluginVerdict.Answered)
                return false;
        }
        catch (Exception bug)
        {
            return Refuse(plugins[at], context, bug);
        }

        return await RunAsync(phase, plugins, at + 1, context);
    }

    private bool Refuse(RunningPlugin running, PluginContext context, Exception bug)
    {
        PluginLog.Failed(_logger, running.Setting.Plugin.Name, context.Route.Config.Id, bug);
        context.Running = null; // what is configured for its refusals is not for this
        context.AnswerUnlessAnswered(500);
        return false;
    }

    private RunningPlugin[] In(PluginPhases phase) => [.. Plugins.Where(running => running.Plugin.Phases.HasFlag(phase))];
}
