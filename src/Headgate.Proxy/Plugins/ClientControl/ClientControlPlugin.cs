namespace Headgate.Proxy.Plugins.ClientControl;

/// <summary>Sets the limit of the body, and refuses one that is announced to be longer.</summary>
internal sealed class ClientControlPlugin(ClientControlConfig config) : Plugin
{
    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Rewrite;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> RewriteAsync(PluginContext context) =>
        config.BodyBytesMax is not { } bytes || context.LimitBody(bytes) ? default : new(context.Answer(413));
}
