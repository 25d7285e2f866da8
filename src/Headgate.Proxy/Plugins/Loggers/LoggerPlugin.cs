namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>Logs requests: adds an entry for each to a queue.</summary>
internal sealed class LoggerPlugin(EntryFormat format, LogQueue queue) : Plugin
{
    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.End;

    /// <inheritdoc/>
    internal override bool Traces => true;

    /// <inheritdoc/>
    public override void OnEnd(PluginContext context) => queue.Add(format.Current, context.Exchange, context.Trace);
}
