using System.Text;

namespace Headgate.Proxy.Plugins.ProxyMirror;

/// <summary>
/// Sends copies of requests to another server. Where to is decided early, as by APISIX, before plugins of lower priority have changed the target; the head is copied once the upstream is
/// known, so that only what goes to a node is copied, with what plugins have changed of its fields.
/// </summary>
internal sealed class ProxyMirrorPlugin(ProxyMirrorConfig config, MirrorTarget target, MirrorBounds bounds, Draws draws) : Plugin
{
    private readonly byte[] _path = config.Path is { } path ? Encoding.ASCII.GetBytes(path) : [];

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Rewrite | PluginPhases.BeforeProxy | PluginPhases.End;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> RewriteAsync(PluginContext context)
    {
        ReadOnlySpan<byte> uri = context.Forwarded.Target.IsEmpty ? context.Request.RequestUri : context.Forwarded.Target;
        if (uri is not [(byte)'/', ..] || (config.SampleRatio < 1 && draws.Fraction() >= config.SampleRatio) || bounds.TryBegin(target) is not { } copy)
            return default;
        int query = uri.IndexOf((byte)'?');
        copy.Begin(target, _path, _path.Length == 0 || config.IsPrefix ? uri : query < 0 ? default : uri[query..]);
        context.Keep(this) = copy;
        return default;
    }

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> BeforeProxyAsync(PluginContext context)
    {
        ref object? kept = ref context.Keep(this);
        if (kept is MirrorCopy copy)
        {
            kept = null; // it is on its own from here on
            copy.Complete(context);
        }

        return default;
    }

    /// <inheritdoc/>
    public override void OnEnd(PluginContext context)
    {
        ref object? kept = ref context.Keep(this);
        (kept as MirrorCopy)?.Drop();
        kept = null;
    }
}
