namespace Headgate.Proxy.Plugins;

/// <summary>Stands in for a plugin that could not be made, which is a mistake of the plugin's: what it should have decided is refused.</summary>
internal sealed class UnmadePlugin : Plugin
{
    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Rewrite;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> RewriteAsync(PluginContext context)
    {
        context.AnswerForGateway(500);
        return new(PluginVerdict.Answered);
    }
}
