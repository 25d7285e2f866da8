using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.UriBlocker;

/// <summary>Refuses a target that a pattern is found in, or that nobody can tell it of in time.</summary>
internal sealed class UriBlockerPlugin(UriBlockerConfig config) : Plugin
{
    private readonly BytePattern[] _rules = [.. config.BlockRules.Items.Select(rule => BytePattern.Of(rule, config.CaseInsensitive))];
    private readonly byte[]? _refusal = config.RejectedMsg is { } text ? JsonBodies.ErrorMsg(text) : null;

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Rewrite;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> RewriteAsync(PluginContext context)
    {
        foreach (BytePattern rule in _rules)
        {
            if (rule.Find(context.Request.RequestUri) == Found.No)
                continue;
            return new(_refusal is null ? context.Answer(config.RejectedCode) : context.Answer(config.RejectedCode, JsonBodies.ContentType, _refusal));
        }

        return default;
    }
}
