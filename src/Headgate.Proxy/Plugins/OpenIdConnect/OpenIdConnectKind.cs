using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Authentication;
using Headgate.Proxy.Plugins.Jwt;

namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary><c>openid-connect</c>: lets requests pass that bring a token of an identity provider.</summary>
internal sealed class OpenIdConnectKind : PluginKind<OpenIdConnectConfig>
{
    // What APISIX takes for browsers' sessions and the tokens that belong to them, or for its library.
    private static readonly string[] WithoutEffect =
    [
        "client_secret", "scope", "introspection_endpoint", "introspection_endpoint_auth_method", "introspection_interval", "introspection_expiry_claim", "introspection_addon_headers",
        "token_endpoint_auth_method", "session", "logout_path", "redirect_uri", "post_logout_redirect_uri", "unauth_action", "use_pkce", "par", "dpop", "set_id_token_header",
        "set_raw_id_token_header", "set_refresh_token_header", "authorization_params", "client_rsa_private_key", "client_rsa_private_key_id", "client_jwt_assertion_expires_in",
        "client_jwt_assertion_alg", "client_jwt_assertion_audience", "renew_access_token_on_expiry", "access_token_expires_in", "refresh_session_interval", "accept_unsupported_alg",
        "access_token_expires_leeway", "force_reauthorize", "use_nonce", "revoke_tokens_on_logout", "jwt_verification_cache_ignore", "cache_segment",
    ];

    /// <inheritdoc/>
    public override string Name => "openid-connect";

    /// <inheritdoc/>
    public override int Priority => 2599;

    /// <inheritdoc/>
    public override IReadOnlyList<string> SecretFields { get; } = ["client_secret", "client_rsa_private_key", "dpop.private_key", "session.secret", "session.redis.password"];

    /// <inheritdoc/>
    protected override OpenIdConnectConfig? ReadConfig(ObjectReader reader)
    {
        reader.Require("client_id");
        reader.Require("discovery");
        Uri? discovery = SchemaRules.HttpUrl(reader, "discovery");
        bool? verifiesTls = reader.Flag("ssl_verify");
        if (discovery?.Scheme == "http" && verifiesTls is not null)
            SchemaRules.Refuse(reader, "ssl_verify has no effect with an http URL; allowed: without it, or an https URL");
        Forbid(reader);
        var config = new OpenIdConnectConfig
        {
            ClientId = reader.Text("client_id") ?? "",
            Discovery = discovery ?? new Uri("http://127.0.0.1/"),
            VerifiesTls = verifiesTls ?? true,
            Timeout = ReadTimeout(reader),
            KeysExpire = TimeSpan.FromSeconds(reader.Integer("jwk_expires_in", 1) ?? 86_400),
            Realm = AuthenticationReader.Realm(reader, "apisix"),
            LeewaySeconds = reader.Integer("iat_slack", 0) ?? 120,
            RequiredScopes = new EquatableArray<string>(reader.Items<string>("required_scopes", 0, unique: false, ReadText) ?? []),
            TokenField = ReadTokenField(reader),
            ShowsUserinfo = reader.Flag("set_userinfo_header") ?? true,
        };
        config = ReadClaims(reader, ReadKey(reader, config));
        WarnWithoutEffect(reader);
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(OpenIdConnectConfig config, PluginServices services)
    {
        ProviderTerms terms = new(config.Discovery, config.VerifiesTls, config.Timeout, config.KeysExpire, NeedsKeys: config.PublicKey is null);
        VerificationKeys? own = config.PublicKey is { } pem ? PublicKeyReader.Read(pem, config.Algorithm, out _) ?? VerificationKeys.None : null;
        bool asksProvider = own is null || config.ValidIssuers.Count == 0;
        IdentityProvider? provider = asksProvider ? services.Shared(static all => new IdentityProviders(all)).Of(terms) : null;
        return new OpenIdConnectPlugin(config, own, provider, services.Time);
    }

    private static void Forbid(ObjectReader reader)
    {
        if (reader.Flag("bearer_only") != true)
            SchemaRules.Refuse(reader, "bearer_only: false is not there, because this gateway keeps no sessions of browsers; allowed: true");
        if (reader.TryGet("claim_schema", out _))
            SchemaRules.Refuse(reader, "claim_schema is not there; allowed: without it, with required_scopes and claim_validator");
        if (reader.TryGet("proxy_opts", out _))
            SchemaRules.Refuse(reader, "proxy_opts is not there: the provider is asked directly; allowed: without it");
        if (reader.Flag("accept_none_alg") == true)
            SchemaRules.Refuse(reader, "accept_none_alg: a token that nobody has signed is anybody's; allowed: false");
    }

    private static void WarnWithoutEffect(ObjectReader reader)
    {
        foreach (string name in WithoutEffect)
        {
            if (!reader.TryGet(name, out _))
                continue;
            Location at = reader.At.Property(name);
            reader.Findings.Warn(at, $"{at.Path} has no effect here: tokens are verified by the gateway itself, and there are no sessions");
        }
    }

    /// <summary>Seconds; whole thousands are milliseconds, as in APISIX.</summary>
    private static TimeSpan ReadTimeout(ObjectReader reader)
    {
        int timeout = reader.Integer("timeout", 1, 600_000) ?? 3;
        return timeout >= 1000 && timeout % 1000 == 0 ? TimeSpan.FromMilliseconds(timeout) : TimeSpan.FromSeconds(timeout);
    }

    private static string? ReadTokenField(ObjectReader reader)
    {
        bool isSet = reader.Flag("set_access_token_header") ?? true;
        bool? inAuthorization = reader.Flag("access_token_in_authorization_header");
        if (!isSet && inAuthorization == true)
            SchemaRules.Refuse(reader, "access_token_in_authorization_header has no effect with set_access_token_header false; allowed: without it, or set_access_token_header true");
        return !isSet ? null : inAuthorization == true ? "Authorization" : "X-Access-Token";
    }

    private static OpenIdConnectConfig ReadKey(ObjectReader reader, OpenIdConnectConfig config)
    {
        string? pem = reader.Text("public_key");
        bool usesJwks = reader.Flag("use_jwks") ?? false;
        string? name = reader.Text("token_signing_alg_values_expected");
        if (name is not null && JwtAlgorithm.Find(name) is not { Family: not JwtFamily.Hmac })
        {
            string all = string.Join(", ", JwtAlgorithm.All.Where(static algorithm => algorithm.Family != JwtFamily.Hmac).Select(static algorithm => algorithm.Name));
            SchemaRules.Refuse(reader, $"token_signing_alg_values_expected: \"{name}\" is not there; allowed: {all}");
        }
        else if (pem is not null && !SecretReference.Is(pem) && PublicKeyReader.Read(pem, name, out string problem) is null)
        {
            SchemaRules.Refuse(reader, $"public_key: {problem}");
        }

        if (pem is null && !usesJwks)
            SchemaRules.Refuse(reader, "tokens are not verified by introspection here; allowed: use_jwks true, or public_key");
        if (pem is not null && usesJwks)
            SchemaRules.Refuse(reader, "use_jwks has no effect with public_key; allowed: one of them");
        return config with { PublicKey = pem, Algorithm = name };
    }

    private static OpenIdConnectConfig ReadClaims(ObjectReader reader, OpenIdConnectConfig config)
    {
        if (reader.Object("claim_validator") is not { } validator)
            return config;
        if (validator.Object("issuer") is { } issuer)
        {
            config = config with { ValidIssuers = new EquatableArray<string>(issuer.Items<string>("valid_issuers", 1, unique: false, ReadText) ?? []) };
            issuer.ForbidOthers();
        }

        if (validator.Object("audience") is { } audience)
        {
            config = config with
            {
                AudienceClaim = audience.Text("claim", 1, 256) ?? "aud",
                RequiresAudience = audience.Flag("required") ?? false,
                MatchesClientId = audience.Flag("match_with_client_id") ?? false,
            };
            audience.ForbidOthers();
        }

        validator.ForbidOthers();
        return config;
    }

    private static bool ReadText(JsonElement value, Location at, Findings findings, out string item)
    {
        string? read = JsonValues.Text(value, at, findings, 1);
        item = read ?? "";
        return read is not null;
    }
}
