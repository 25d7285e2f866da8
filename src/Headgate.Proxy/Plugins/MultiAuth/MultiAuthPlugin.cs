using System.Runtime.CompilerServices;
using Headgate.Proxy.Plugins.Authentication;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Plugins.MultiAuth;

/// <summary>Asks one plugin after the other whose the request is, until one knows. When none does, the client is told how the last would have it.</summary>
internal sealed class MultiAuthPlugin(AuthenticationPlugin[] plugins) : Plugin
{
    private static readonly byte[] Failed = JsonBodies.Message("Authorization Failed");

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Rewrite;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> RewriteAsync(PluginContext context) => AskAsync(context, 0);

    private ValueTask<PluginVerdict> AskAsync(PluginContext context, int first)
    {
        for (int i = first; i < plugins.Length; i++)
        {
            ValueTask<Identification> identifying = plugins[i].IdentifyAsync(context);
            if (!identifying.IsCompletedSuccessfully)
                return AskAfterAsync(context, identifying, i);
            if (identifying.Result.IsKnown)
                return default;
        }

        return new(plugins[^1].Challenge(context, Failed));
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<PluginVerdict> AskAfterAsync(PluginContext context, ValueTask<Identification> identifying, int asked) =>
        (await identifying).IsKnown ? PluginVerdict.Continue : await AskAsync(context, asked + 1);
}
