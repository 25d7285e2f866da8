using Headgate.Core.Config.Expressions;
using Headgate.Core.Primitives;
using Headgate.Core.Routing;
using Headgate.Proxy.Plugins.AnswerFields;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.FaultInjection;

/// <summary>Holds requests up, and answers them, both in a share of cases.</summary>
internal sealed class FaultInjectionPlugin(FaultInjectionConfig config, Draws draws) : Plugin
{
    private const int StackBytes = 512;

    private readonly RequestTemplate? _body = config.Abort?.Body is { } body ? TemplateParser.Value(body) : null;
    private readonly AnswerField[] _headers = [.. (config.Abort?.Headers ?? []).Items.Select(static field => new AnswerField(field, hasVariables: true))];
    private readonly RequestCondition[]? _aborted = Compile(config.Abort?.Vars);
    private readonly RequestCondition[]? _delayed = Compile(config.Delay?.Vars);

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Rewrite;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> RewriteAsync(PluginContext context)
    {
        // As in APISIX: what decides about the answer is looked at before the wait.
        bool isAborted = config.Abort is not null && Holds(_aborted, context.Request);
        if (config.Delay is { Duration: var duration } delay && draws.Hits(delay.Percentage) && Holds(_delayed, context.Request) && duration > TimeSpan.Zero)
            return DelayAsync(context, duration, isAborted);
        return new(Decide(context, isAborted));
    }

    private async ValueTask<PluginVerdict> DelayAsync(PluginContext context, TimeSpan duration, bool isAborted)
    {
        await context.DelayAsync(duration);
        return Decide(context, isAborted);
    }

    private PluginVerdict Decide(PluginContext context, bool isAborted)
    {
        if (!isAborted || !draws.Hits(config.Abort!.Percentage))
            return PluginVerdict.Continue;
        foreach (AnswerField field in _headers)
            field.SetIn(context);
        if (_body is null)
            return context.Answer(config.Abort.Status);
        var text = new ByteBuilder(stackalloc byte[StackBytes]);
        _body.Write(context.Request, default, ref text, TextSets.Any);
        PluginVerdict verdict = context.Answer(config.Abort.Status, "text/plain; charset=utf-8"u8, text.Bytes);
        text.Dispose();
        return verdict;
    }

    private static RequestCondition[]? Compile(EquatableArray<VarsExpression>? vars) => vars is { } given ? [.. given.Items.Select(RequestCondition.Compile)] : null;

    /// <summary>Whether one of them holds; without a list, always.</summary>
    private static bool Holds(RequestCondition[]? vars, IRequestView request)
    {
        foreach (RequestCondition condition in vars ?? [])
        {
            if (condition.Holds(request))
                return true;
        }

        return vars is null;
    }
}
