using System.Text;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;
using Headgate.Core.Snapshot;
using Headgate.Proxy.Plugins.Authentication;
using Headgate.Proxy.Plugins.Jwt;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.JwtAuth;

/// <summary>Finds the consumer that a token claims to be from, and verifies the token with that consumer's key and algorithm.</summary>
internal sealed class JwtAuthPlugin(JwtAuthConfig config, PluginDefinition kind, TimeProvider time) : AuthenticationPlugin(config, "Bearer")
{
    // For a claimed key that is written with escapes.
    private const int KeyMax = 256;

    private static readonly byte[] Missing = JsonBodies.Message("Missing JWT token in request");
    private static readonly byte[] Malformed = JsonBodies.Message("JWT token invalid");
    private static readonly byte[] NoKey = JsonBodies.Message("missing user key in JWT token");
    private static readonly byte[] WrongKey = JsonBodies.Message("Invalid user key in JWT token");
    private static readonly byte[] NotVerified = JsonBodies.Message("failed to verify jwt");

    private readonly byte[] _header = Encoding.ASCII.GetBytes(config.Header.ToLowerInvariant());
    private readonly byte[] _argument = Encoding.UTF8.GetBytes(config.Query);
    private readonly byte[] _cookie = Encoding.ASCII.GetBytes(config.Cookie);
    private readonly byte[] _claim = Encoding.UTF8.GetBytes(config.KeyClaimName);
    private readonly RequestVariable _queryVariable = RequestVariable.Parse($"arg_{config.Query}");
    private readonly RequestVariable _cookieVariable = RequestVariable.Parse($"cookie_{config.Cookie}");

    /// <inheritdoc/>
    protected override CredentialSnapshot? Find(PluginContext context, out byte[] refusal)
    {
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        scoped ReadOnlySpan<byte> token;
        if (context.Request.TryGetHeader(_header, out token))
        {
            if (AuthorizationField.TryGetCredentials(token, "bearer"u8, out ReadOnlySpan<byte> behind))
                token = behind;
        }
        else if (!_queryVariable.TryGet(context.Request, scratch, out token) && !_cookieVariable.TryGet(context.Request, scratch, out token))
        {
            refusal = Missing;
            return null;
        }

        return Find(context.Consumers, token, out refusal);
    }

    /// <inheritdoc/>
    protected override void Hide(PluginContext context)
    {
        context.Forwarded.Remove(_header);
        QueryArgument.Remove(context, _argument);
        CookiePair.Remove(context, _cookie);
    }

    private CredentialSnapshot? Find(ConsumerTable consumers, ReadOnlySpan<byte> text, out byte[] refusal)
    {
        refusal = Malformed;
        if (text.Length > JwtToken.BytesMax)
            return null;
        Span<byte> scratch = stackalloc byte[text.Length];
        Span<JwtMember> room = stackalloc JwtMember[JwtToken.MembersMax];
        if (!JwtToken.TryRead(text, scratch, room, out JwtToken token))
            return null;

        refusal = token.Claims.TypeOf(_claim) == System.Text.Json.JsonTokenType.None ? NoKey : WrongKey;
        Span<byte> unescaped = stackalloc byte[KeyMax];
        if (!token.Claims.TryGetText(_claim, unescaped, out ReadOnlySpan<byte> key) || consumers.FindCredential(kind, key) is not { } credential)
            return null;

        refusal = NotVerified;
        var consumer = (JwtAuthCredential)credential.Config;
        return token.IsSignedBy(consumer.Verifier) && config.Lifetime.Includes(time.GetUtcNow(), token.Claims, consumer.GraceSeconds) ? credential : null;
    }
}
