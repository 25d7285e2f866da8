using System.Runtime.CompilerServices;
using System.Text;
using Headgate.Core.Snapshot;
using Headgate.Proxy.Transport;

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
    public sealed override ValueTask<PluginVerdict> RewriteAsync(PluginContext context)
    {
        ValueTask<Identification> identifying = IdentifyAsync(context);
        return identifying.IsCompletedSuccessfully ? new(Decide(context, identifying.Result)) : DecideAsync(context, identifying);
    }

    /// <summary>Finds out whose the request is.</summary>
    public ValueTask<Identification> IdentifyAsync(PluginContext context)
    {
        CredentialSnapshot? credential = Find(context, out byte[] refusal);
        return credential is null || !ChecksBody ? new(Settle(context, credential, refusal)) : CheckAsync(context, credential);
    }

    /// <summary>Refuses the request, and tells the client how to identify itself.</summary>
    public PluginVerdict Challenge(PluginContext context, byte[] refusal)
    {
        context.Response.Set("www-authenticate"u8, _challenge);
        return context.Answer(401, JsonBodies.ContentType, refusal);
    }

    /// <summary>Whether what <see cref="Find"/> has found is only true with the body that follows.</summary>
    protected virtual bool ChecksBody => false;

    /// <summary>What the body says about the credential that was found.</summary>
    protected virtual ValueTask<Identification> CheckBodyAsync(PluginContext context) => default;

    /// <summary>What the client identifies itself with, if it is somebody's; null, and <paramref name="refusal"/> says what is wrong, when it is not. Allocates nothing.</summary>
    protected abstract CredentialSnapshot? Find(PluginContext context, out byte[] refusal);

    /// <summary>Takes what the client has identified itself with out of the request for the node.</summary>
    protected abstract void Hide(PluginContext context);

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<Identification> CheckAsync(PluginContext context, CredentialSnapshot credential)
    {
        Identification body = await CheckBodyAsync(context);
        return body.IsKnown ? Settle(context, credential, []) : body.Status == 0 ? Settle(context, null, body.Refusal!) : body;
    }

    private Identification Settle(PluginContext context, CredentialSnapshot? credential, byte[] refusal)
    {
        ConsumerSnapshot? consumer = credential?.Consumer;
        if (consumer is null && _anonymous is not null)
        {
            consumer = context.Consumers.Find(_anonymous);
            refusal = NoAnonymous;
        }

        if (consumer is null)
            return new Identification(refusal);

        // What was wrong, and may be somebody's, is no more the node's business than what was right.
        if (_hides)
            Hide(context);
        context.Identify(consumer, credential);
        return default;
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<PluginVerdict> DecideAsync(PluginContext context, ValueTask<Identification> identifying) => Decide(context, await identifying);

    private PluginVerdict Decide(PluginContext context, Identification found) => found switch
    {
        { IsKnown: true } => PluginVerdict.Continue,
        { Status: 0 } => Challenge(context, found.Refusal!),
        { Refusal: [] } => context.Answer(found.Status),
        _ => context.Answer(found.Status, JsonBodies.ContentType, found.Refusal!),
    };
}
