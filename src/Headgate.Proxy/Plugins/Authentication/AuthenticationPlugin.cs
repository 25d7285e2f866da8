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

    /// <param name="config">The configuration.</param>
    /// <param name="scheme">Scheme of the challenge: <c>Basic</c>.</param>
    protected AuthenticationPlugin(AuthenticationConfig config, string scheme)
    {
        _anonymous = config.AnonymousConsumer is { } name ? Encoding.UTF8.GetBytes(name) : null;
        _challenge = Encoding.ASCII.GetBytes($"{scheme} realm=\"{config.Realm}\"");
        HidesCredentials = config.HidesCredentials;
    }

    /// <inheritdoc/>
    public sealed override PluginPhases Phases => PluginPhases.Rewrite;

    /// <summary>Whether nodes are not sent what the client has identified itself with.</summary>
    protected bool HidesCredentials { get; }

    /// <summary>The request is this consumer's.</summary>
    protected PluginVerdict Accept(PluginContext context, CredentialSnapshot credential)
    {
        if (HidesCredentials)
            Hide(context);
        context.Identify(credential.Consumer, credential);
        return PluginVerdict.Continue;
    }

    /// <summary>The request is nobody's. <paramref name="body"/>: what a client is told that is refused for it, in the form of <see cref="JsonBodies"/>.</summary>
    protected PluginVerdict Reject(PluginContext context, byte[] body)
    {
        if (_anonymous is null)
            return Challenge(context, body);
        if (context.Consumers.Find(_anonymous) is not { } anonymous)
            return Challenge(context, NoAnonymous);

        // What was wrong, and may be somebody's, is no more the node's business than what was right.
        if (HidesCredentials)
            Hide(context);
        context.Identify(anonymous, null);
        return PluginVerdict.Continue;
    }

    /// <summary>Takes what the client has identified itself with out of the request for the node.</summary>
    protected abstract void Hide(PluginContext context);

    private PluginVerdict Challenge(PluginContext context, byte[] body)
    {
        context.Response.Set("www-authenticate"u8, _challenge);
        return context.Answer(401, JsonBodies.ContentType, body);
    }
}
