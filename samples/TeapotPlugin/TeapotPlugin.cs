using System.Text;
using Headgate.Proxy.Plugins;

namespace Headgate.Samples.Teapot;

/// <summary>Answers every request.</summary>
internal sealed class TeapotPlugin(TeapotConfig config) : Plugin
{
    private readonly byte[] _message = Encoding.UTF8.GetBytes(config.Message);

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Access;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> AccessAsync(PluginContext context) => new(context.Answer(418, "text/plain; charset=utf-8"u8, _message));
}
