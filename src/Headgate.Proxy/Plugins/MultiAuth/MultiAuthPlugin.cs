using Headgate.Proxy.Plugins.Authentication;

namespace Headgate.Proxy.Plugins.MultiAuth;

/// <summary>Asks one plugin after the other whose the request is, until one knows. When none does, the client is told how the last would have it.</summary>
internal sealed class MultiAuthPlugin(AuthenticationPlugin[] plugins) : Plugin
{
    private static readonly byte[] Failed = JsonBodies.Message("Authorization Failed");

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Rewrite;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> RewriteAsync(PluginContext context)
    {
        foreach (AuthenticationPlugin plugin in plugins)
        {
            if (plugin.TryIdentify(context, out _))
                return default;
        }

        return new(plugins[^1].Challenge(context, Failed));
    }
}
