using Headgate.Proxy.Plugins.Jwt;

namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>
/// Lets requests pass whose token the provider has signed. What a token needs that is not known, the provider is asked for, and the token looked at once more.
/// </summary>
internal sealed class OpenIdConnectPlugin : Plugin
{
    private readonly TokenRefusals _refusals;
    private readonly TokenRules _rules;
    private readonly NodeFields _fields;
    private readonly VerificationKeys? _own;
    private readonly IdentityProvider? _provider;
    private readonly TimeProvider _time;

    /// <param name="config">The configuration.</param>
    /// <param name="own">The configuration's key; null = the provider's count.</param>
    /// <param name="provider">The provider; null = nothing of it is needed.</param>
    /// <param name="time">The time.</param>
    public OpenIdConnectPlugin(OpenIdConnectConfig config, VerificationKeys? own, IdentityProvider? provider, TimeProvider time)
    {
        _refusals = new TokenRefusals(config);
        _rules = new TokenRules(config, _refusals);
        _fields = new NodeFields(config);
        (_own, _provider, _time) = (own, provider, time);
    }

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Rewrite;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> RewriteAsync(PluginContext context)
    {
        TokenRefusal? refusal = Check(context);
        if (refusal is not null && (ReferenceEquals(refusal, _refusals.UnknownKey) || ReferenceEquals(refusal, _refusals.NoProvider)) && _provider?.TryFetchAsync() is { } fetch)
            return CheckAgainAsync(context, fetch);
        return new(refusal is null ? PluginVerdict.Continue : refusal.Answer(context));
    }

    private async ValueTask<PluginVerdict> CheckAgainAsync(PluginContext context, Task fetch)
    {
        await fetch;
        return Check(context) is { } refusal ? refusal.Answer(context) : PluginVerdict.Continue;
    }

    /// <summary>Why the request is refused; null = it is not, and its node is told of the token.</summary>
    private TokenRefusal? Check(PluginContext context)
    {
        if (!BearerToken.TryGet(context.Request, out ReadOnlySpan<byte> sent, out bool hasScheme))
            return hasScheme ? _refusals.Missing : _refusals.NoScheme;
        if (sent.Length > JwtToken.BytesMax)
            return _refusals.Malformed;

        // A copy: what is told the node may move the field that the token came in.
        Span<byte> text = stackalloc byte[sent.Length];
        sent.CopyTo(text);
        TokenRefusal? refusal = Check(text);
        if (refusal is null)
            _fields.Write(context.Forwarded, text);
        return refusal;
    }

    private TokenRefusal? Check(ReadOnlySpan<byte> text)
    {
        Span<byte> scratch = stackalloc byte[text.Length];
        Span<JwtMember> room = stackalloc JwtMember[JwtToken.MembersMax];
        if (!JwtToken.TryRead(text, scratch, room, out JwtToken token))
            return _refusals.Malformed;
        if (!_rules.Allows(token))
            return _refusals.Algorithm;
        ProviderFacts? facts = _provider?.Facts;
        if (_provider is not null && facts is null)
            return _refusals.NoProvider;
        return (_own ?? facts!.Keys).Verify(token) switch
        {
            KeyResult.Signed => _rules.Check(token.Claims, facts is null ? default : facts.Issuer, _time.GetUtcNow()),
            KeyResult.UnknownKey when _own is null => _refusals.UnknownKey,
            _ => _refusals.NotSigned,
        };
    }
}
