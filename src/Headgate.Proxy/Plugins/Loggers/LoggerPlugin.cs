namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>Logs requests: adds an entry for each to a queue, with what it has kept of the bodies.</summary>
internal sealed class LoggerPlugin(EntryFormat format, LogQueue queue, LoggedBodies bodies) : Plugin
{
    private readonly BodyCopies _copies = new(bodies);

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.End | _copies.Phases;

    /// <inheritdoc/>
    internal override bool Traces => true;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> AccessAsync(PluginContext context)
    {
        _copies.CopyRequest(context, this);
        return default;
    }

    /// <inheritdoc/>
    public override void OnResponseHead(PluginContext context) => _copies.CopyResponse(context, this);

    /// <inheritdoc/>
    public override void OnEnd(PluginContext context)
    {
        BodyCopies.Show(context, this);
        queue.Add(format.Current, context.Exchange, context.Trace);
        _copies.Release(context, this);
    }
}
