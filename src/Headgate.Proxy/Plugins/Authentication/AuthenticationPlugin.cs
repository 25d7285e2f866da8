using System.Text;
using Headgate.Core.Snapshot;

namespace Headgate.Proxy.Plugins.Authentication;

/// <summary>
/// Finds out who calls. A request that says it wrongly, or not at all, belongs to the anonymous consumer, if there is to be one; else it is answered 401 with a challenge.
/// </summary>
internal abstract class AuthenticationPlugin : Plugin
{
    private static readonly byte[] NoAnonymous = JsonBodies.Message("Invalid user authorization");

    private readonly byte[]? _anonymous;
    private readonly byte[] _challenge;
    private readonly bool _hides;

    /// <param name="config">The configuration.</param>
    /// <param name="scheme">Scheme of the challenge: <c>Basic</c>.</param>
    protected AuthenticationPlugin(AuthenticationConfig config, string scheme)
    {
        _anonymous = config.AnonymousConsumer is { } name ? Encoding.UTF8.GetBytes(name) : null;
        _challenge = Encoding.ASCII.GetBytes($"{scheme} realm=\"{config.Realm}\"");
        _hides = config.HidesCredentials;
    }

    /// <inheritdoc/>
    public sealed override PluginPhases Phases => PluginPhases.Rewrite;

    /// <inheritdoc/>
    public sealed override ValueTask<PluginVerdict> RewriteAsync(PluginContext context) =>
        new(TryIdentify(context, out byte[] refusal) ? PluginVerdict.Continue : Challenge(context, refusal));

    /// <summary>Finds out whose the request is; false when it is nobody's, who is told <paramref name="refusal"/>, in the form of <see cref="JsonBodies"/>.</summary>
    public bool TryIdentify(PluginContext context, out byte[] refusal)
    {
        CredentialSnapshot? credential = Find(context, out refusal);
        ConsumerSnapshot? consumer = credential?.Consumer;
        if (consumer is null && _anonymous is not null)
        {
            consumer = context.Consumers.Find(_anonymous);
            refusal = NoAnonymous;
        }

        if (consumer is null)
            return false;

        // What was wrong, and may be somebody's, is no more the node's business than what was right.
        if (_hides)
            Hide(context);
        context.Identify(consumer, credential);
        return true;
    }

    /// <summary>Refuses the request, and tells the client how to identify itself.</summary>
    public PluginVerdict Challenge(PluginContext context, byte[] refusal)
    {
        context.Response.Set("www-authenticate"u8, _challenge);
        return context.Answer(401, JsonBodies.ContentType, refusal);
    }

    /// <summary>What the client identifies itself with, if it is somebody's; null, and <paramref name="refusal"/> says what is wrong, when it is not. Allocates nothing.</summary>
    protected abstract CredentialSnapshot? Find(PluginContext context, out byte[] refusal);

    /// <summary>Takes what the client has identified itself with out of the request for the node.</summary>
    protected abstract void Hide(PluginContext context);
}
