using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.UaRestriction;

/// <summary>
/// Looks for the patterns in every User-Agent of the request: one that may call is enough, and so is one that may not. A value that nobody can tell in time is not allowed.
/// </summary>
internal sealed class UaRestrictionPlugin(UaRestrictionConfig config) : Plugin
{
    private readonly BytePattern[] _allowed = [.. config.Allowlist.Items.Select(static pattern => BytePattern.Of(pattern))];
    private readonly BytePattern[] _denied = [.. config.Denylist.Items.Select(static pattern => BytePattern.Of(pattern))];
    private readonly byte[] _refusal = JsonBodies.Message(config.Message);

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Access;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> AccessAsync(PluginContext context) =>
        Passes(context.Forwarded) ? default : new(context.Answer(403, JsonBodies.ContentType, _refusal));

    private bool Passes(RequestEdits request)
    {
        int place = 0;
        bool isMissing = true;
        while (request.TryGetNext("user-agent"u8, ref place, out ReadOnlySpan<byte> agent))
        {
            isMissing = false;
            if (_allowed.Length > 0 && Has(_allowed, agent) == Found.Yes)
                return true;
            if (_allowed.Length == 0 && Has(_denied, agent) != Found.No)
                return false;
        }

        return isMissing ? config.BypassMissing : _allowed.Length == 0;
    }

    private static Found Has(BytePattern[] patterns, ReadOnlySpan<byte> agent)
    {
        Found all = Found.No;
        foreach (BytePattern pattern in patterns)
        {
            Found found = pattern.Find(agent);
            if (found == Found.Yes)
                return found;
            if (found == Found.Unknown)
                all = found;
        }

        return all;
    }
}
