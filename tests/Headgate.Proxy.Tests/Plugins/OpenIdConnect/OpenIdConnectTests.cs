using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Headgate.Proxy.Tests.Plugins.Jwt;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins.OpenIdConnect;

/// <summary><c>openid-connect</c> through the whole gateway, with a provider of the test's own.</summary>
public sealed class OpenIdConnectTests
{
    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly RSA OtherRsa = RSA.Create(2048);
    private static readonly ECDsa P256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly ECDsa P384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private static readonly ECDsa P521 = ECDsa.Create(ECCurve.NamedCurves.nistP521);

    public static TheoryData<string> PublicAlgorithms => JwtVectors.PublicAlgorithms;

    [Theory]
    [MemberData(nameof(PublicAlgorithms))]
    public async Task Token_OfEachAlgorithm_Passes_AndTheNodeIsToldOfIt(string algorithm)
    {
        await using var provider = new TestProvider();
        provider.Publish(TestProvider.Jwk(OtherRsa, "other"), new { kty = "OKP", crv = "Ed25519", x = "AAAA", kid = "k" }, JwkOf(algorithm, "k"), new { kty = "oct", k = "AAAA", kid = "k" });
        await using PluginGateway gateway = await StartAsync(provider);
        string token = provider.Token(KeyOf(algorithm), algorithm, "k", ""","sub":"j?>~""" + "\"");
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer answer = await gateway.GetAsync(version, "/", Bearer(token), ("X-Access-Token", "forged"), ("X-Userinfo", "forged"), ("X-ID-Token", "forged"), ("X-Raw-ID-Token", "forged"));
            answer.Status.ShouldBe(200);
            answer.Seen("X-Access-Token").ShouldBe([token]);
            answer.Seen("Authorization").ShouldBe(["Bearer " + token]);
            answer.Seen("X-ID-Token").ShouldBeEmpty();
            answer.Seen("X-Raw-ID-Token").ShouldBeEmpty();
            Encoding.UTF8.GetString(Convert.FromBase64String(answer.Seen("X-Userinfo").Single())).ShouldBe($$"""{"iss":"{{provider.Issuer}}","sub":"j?>~"}""");
        }

        (provider.Discoveries, provider.KeyFetches).ShouldBe((1, 1));
        (await gateway.GetAsync(1, "/", Bearer(provider.Token(algorithm[0] == 'E' ? Another(algorithm) : OtherRsa, algorithm, "k")))).ShouldBeInvalid("jwt signature verification failed");
    }

    [Theory]
    [MemberData(nameof(PublicAlgorithms))]
    public async Task TokensOfAnotherLibrary_WithAPublicKey_AreVerified(string algorithm)
    {
        string config = JsonSerializer.Serialize(new
        {
            client_id = "c",
            discovery = "http://127.0.0.1:1/",
            bearer_only = true,
            public_key = JwtVectors.PublicKey(algorithm),
            claim_validator = new { issuer = new { valid_issuers = (string[])["x"] } },
        });
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"openid-connect":{{config}} }""", time: new ManualTimeProvider());

        // They name no issuer, which is looked at behind the signature.
        (await gateway.GetAsync(1, "/", Bearer(JwtVectors.Token(algorithm)))).ShouldBeInvalid("token has an unexpected issuer");
        (await gateway.GetAsync(2, "/", Bearer(JwtVectors.Token(algorithm, "ofAnotherKey")))).ShouldBeInvalid("jwt signature verification failed");
        (await gateway.GetAsync(1, "/", Bearer(JwtVectors.Token(algorithm, "confused")))).ShouldBeInvalid("token is signed by unexpected algorithm");
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData(""","exp":1767225601""", null, null)]
    [InlineData(""","exp":1767225481""", null, null)] // 119 s ago
    [InlineData(""","exp":1767225480""", null, "JWT expired")]
    [InlineData(""","exp":"1767225700""" + "\"", null, "JWT expired")]
    [InlineData(""","nbf":1767225720""", null, null)]
    [InlineData(""","nbf":1767225721""", null, "JWT is not valid yet")]
    [InlineData("", "https://id.test", "token has an unexpected issuer")]
    [InlineData("", "https://evil.test/", "token has an unexpected issuer")]
    [InlineData(""","iss":"https://id.test/""" + "\"", "https://evil.test/", "invalid jwt")] // twice
    public async Task Claims_Decide(string claims, string? issuer, string? problem)
    {
        await using var provider = new TestProvider();
        provider.Publish(TestProvider.Jwk(P256, "k"));
        await using PluginGateway gateway = await StartAsync(provider);
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer answer = await gateway.GetAsync(version, "/", Bearer(provider.Token(P256, "ES256", "k", claims, issuer)));
            if (problem is null)
                answer.Status.ShouldBe(200);
            else
                answer.ShouldBeInvalid(problem);
        }
    }

    [Theory]
    [InlineData(""" "required_scopes":["read","write"] """, ""","scope":"openid write  read""" + "\"", null)]
    [InlineData(""" "required_scopes":["read","write"] """, ""","scope":"openid writer read""" + "\"", "required scopes read, write not present")]
    [InlineData(""" "required_scopes":["read"] """, "", "required scopes read not present")]
    [InlineData(""" "required_scopes":["read"] """, ""","scope":["read"]""", "required scopes read not present")]
    [InlineData(""" "claim_validator":{"audience":{"required":true}} """, ""","aud":"other""" + "\"", null)]
    [InlineData(""" "claim_validator":{"audience":{"required":true}} """, "", "required audience claim not present")]
    [InlineData(""" "claim_validator":{"audience":{"match_with_client_id":true}} """, "", "required audience claim not present")]
    [InlineData(""" "claim_validator":{"audience":{"match_with_client_id":true}} """, ""","aud":"app""" + "\"", null)]
    [InlineData(""" "claim_validator":{"audience":{"match_with_client_id":true}} """, ""","aud":["x",{"a":"app"},["app"],"\u0061pp"]""", null)]
    [InlineData(""" "claim_validator":{"audience":{"match_with_client_id":true}} """, ""","aud":["x",{"a":"app"},["app"]]""", "mismatched audience")]
    [InlineData(""" "claim_validator":{"audience":{"match_with_client_id":true}} """, ""","aud":"app2""" + "\"", "mismatched audience")]
    [InlineData(""" "claim_validator":{"audience":{"match_with_client_id":true,"claim":"azp"}} """, ""","aud":"x","azp":"app""" + "\"", null)]
    [InlineData(""" "claim_validator":{"issuer":{"valid_issuers":["https://a.test","https://id.test/"]}} """, "", null)]
    public async Task ScopesAndAudience_Decide(string more, string claims, string? problem)
    {
        await using var provider = new TestProvider();
        provider.Publish(TestProvider.Jwk(P256, "k"));
        await using PluginGateway gateway = await StartAsync(provider, more);
        PluginAnswer answer = await gateway.GetAsync(1, "/", Bearer(provider.Token(P256, "ES256", "k", claims)));
        if (problem is null)
            answer.Status.ShouldBe(200);
        else
            (answer.Status, answer.Body).ShouldBe((403, $$"""{"error":"{{problem}}"}"""));
    }

    [Fact]
    public async Task NoToken_IsChallenged()
    {
        await using var provider = new TestProvider();
        await using PluginGateway gateway = await StartAsync(provider, """ "realm":"here" """);
        foreach (int version in (int[])[1, 2])
        {
            foreach ((string, string)[] fields in ((string, string)[][])[[], [("Authorization", "Basic YQ==")], [("Authorization", "Basic YQ=="), ("X-Access-Token", "a.b.c")]])
            {
                PluginAnswer answer = await gateway.GetAsync(version, "/", fields);
                (answer.Status, answer.Fields["WWW-Authenticate"].Single()).ShouldBe((401, "Bearer realm=\"here\""));
            }

            (await gateway.GetAsync(version, "/", ("Authorization", "Bearer"))).Status.ShouldBe(400);
        }

        foreach (string token in (string[])["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", new string('a', 9000)])
            (await gateway.GetAsync(1, "/", Bearer(token))).ShouldBeInvalid("invalid jwt", "here");
        (await gateway.GetAsync(1, "/", Bearer("eyJhbGciOiJub25lIn0.e30.AAAA"))).ShouldBeInvalid("token is signed by unexpected algorithm", "here");
        (await gateway.GetAsync(1, "/", Bearer(JwtVectors.Claims("valid")))).ShouldBeInvalid("token is signed by unexpected algorithm", "here");
        (provider.Discoveries, gateway.Requests).ShouldBe((0, 0)); // what cannot be a token is nobody's trouble
    }

    [Theory]
    [InlineData(""" "access_token_in_authorization_header":true,"set_userinfo_header":false """, "Authorization")]
    [InlineData(""" "set_access_token_header":false,"set_userinfo_header":false """, null)]
    [InlineData(""" "token_signing_alg_values_expected":"ES256","set_userinfo_header":false """, "X-Access-Token")]
    public async Task TokenInItsOwnField_IsPassedOnAsAsked(string more, string? field)
    {
        await using var provider = new TestProvider();
        provider.Publish(TestProvider.Jwk(P256, "k"), TestProvider.Jwk(Rsa, "r"));
        await using PluginGateway gateway = await StartAsync(provider, more);
        string token = provider.Token(P256, "ES256", "k");
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer answer = await gateway.GetAsync(version, "/", ("X-Access-Token", token), ("X-Userinfo", "forged"));
            answer.Status.ShouldBe(200);
            answer.Seen("X-Userinfo").ShouldBeEmpty();
            answer.Seen("Authorization").ShouldBe(field == "Authorization" ? ["Bearer " + token] : []);
            answer.Seen("X-Access-Token").ShouldBe(field == "X-Access-Token" ? [token] : []);
        }

        if (more.Contains("expected", StringComparison.Ordinal))
            (await gateway.GetAsync(1, "/", Bearer(provider.Token(Rsa, "RS256", "r")))).ShouldBeInvalid("token is signed by unexpected algorithm");
    }

    [Fact]
    public async Task Rotation_ANewKeyIsFetched_AtMostOnceInTenSeconds()
    {
        var time = new ManualTimeProvider();
        await using var provider = new TestProvider();
        provider.Publish(TestProvider.Jwk(Rsa, "1"));
        await using PluginGateway gateway = await StartAsync(provider, time: time);
        string before = provider.Token(Rsa, "RS256", "1"), after = provider.Token(OtherRsa, "PS256", "2"), nameless = provider.Token(P256, "ES256", null);
        (await gateway.GetAsync(1, "/", Bearer(before))).Status.ShouldBe(200);
        (await gateway.GetAsync(1, "/", Bearer(after))).ShouldBeInvalid("token is signed by an unknown key");
        provider.Publish(TestProvider.Jwk(OtherRsa, "2"), TestProvider.Jwk(P256, null));
        (await gateway.GetAsync(1, "/", Bearer(after))).ShouldBeInvalid("token is signed by an unknown key");
        provider.KeyFetches.ShouldBe(1);

        time.Advance(TimeSpan.FromSeconds(10));
        PluginAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => gateway.GetAsync(1 + (i % 2), "/", Bearer(i % 3 == 0 ? nameless : after))));
        answers.ShouldAllBe(answer => answer.Status == 200);
        (await gateway.GetAsync(1, "/", Bearer(before))).ShouldBeInvalid("jwt signature verification failed", "apisix", "token is signed by an unknown key");
        provider.KeyFetches.ShouldBe(2);
    }

    [Fact]
    public async Task WaitingRequests_ShareOneFetch()
    {
        await using var provider = new TestProvider { Gate = new TaskCompletionSource() };
        provider.Publish(TestProvider.Jwk(P256, "k", "ES256"));
        await using PluginGateway gateway = await StartAsync(provider, """ "timeout":60 """);
        Task<PluginAnswer>[] waiting = [.. Enumerable.Range(0, 30).Select(i => gateway.GetAsync(1 + (i % 2), "/", Bearer(provider.Token(P256, "ES256", "k"))))];
        await Eventually.HoldsAsync(() => provider.Discoveries == 1, "it is asked");
        waiting.ShouldAllBe(answer => !answer.IsCompleted);
        provider.Gate.SetResult();
        (await Task.WhenAll(waiting)).ShouldAllBe(answer => answer.Status == 200);
        (provider.Discoveries, provider.KeyFetches).ShouldBe((1, 1));
    }

    [Fact]
    public async Task ProviderDown_KnownKeysStayInUse_AndOldOnesAreFetchedBeside()
    {
        var time = new ManualTimeProvider();
        await using var provider = new TestProvider();
        provider.Publish(TestProvider.Jwk(P256, "k"));
        await using PluginGateway gateway = await StartAsync(provider, """ "jwk_expires_in":60 """, time);
        string token = provider.Token(P256, "ES256", "k");
        (await gateway.GetAsync(1, "/", Bearer(token))).Status.ShouldBe(200);
        provider.IsDown = true;
        time.Advance(TimeSpan.FromSeconds(61));
        (await gateway.GetAsync(1, "/", Bearer(token))).Status.ShouldBe(200);
        await Eventually.HoldsAsync(() => provider.Discoveries >= 2, "it is asked beside");
        (await gateway.GetAsync(2, "/", Bearer(token))).Status.ShouldBe(200);

        provider.IsDown = false;
        provider.Publish(TestProvider.Jwk(P384, "k"));
        await Eventually.HoldsAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromSeconds(10));
                return (await gateway.GetAsync(1, "/", Bearer(token))).Status == 401;
            },
            "the old key is given up");
    }

    [Theory]
    [InlineData("down")]
    [InlineData("hung")]
    [InlineData("status")]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("""{"issuer":1}""")]
    [InlineData("""{"issuer":"\ud800"}""")]
    [InlineData("""{"issuer":"https://id.test/","jwks_uri":"ftp://a"}""")]
    [InlineData("long")]
    [InlineData("keys")]
    public async Task ProviderNotUsable_IsRefused_UntilItIs(string fault)
    {
        var time = new ManualTimeProvider();
        await using var provider = new TestProvider { IsDown = fault == "down", Status = fault == "status" ? 302 : 200 };
        provider.Discovery = fault is "down" or "hung" or "status" or "keys" ? null : fault == "long" ? new string(' ', 300_000) : fault;
        if (fault == "hung")
            provider.Gate = new TaskCompletionSource();
        if (fault != "keys")
            provider.Publish(TestProvider.Jwk(P256, "k"));
        else
            provider.Publish(new { kty = "RSA", n = "AA", e = "AQAB" }, new { kty = "EC", crv = "P-256", x = "AAAA", y = "AAAA" }, 1, new { kty = 1 });
        await using PluginGateway gateway = await StartAsync(provider, """ "timeout":1 """, time);
        string token = provider.Token(P256, "ES256", "k");
        (await gateway.GetAsync(1, "/", Bearer(token))).ShouldBeInvalid("issuer validation unavailable");
        (await gateway.GetAsync(2, "/", Bearer(token))).ShouldBeInvalid("issuer validation unavailable");
        gateway.Requests.ShouldBe(0);

        (provider.IsDown, provider.Status, provider.Discovery) = (false, 200, null);
        provider.Publish(TestProvider.Jwk(P256, "k"));
        if (fault == "hung")
            provider.Gate.SetResult();
        time.Advance(TimeSpan.FromSeconds(1));
        (await gateway.GetAsync(1, "/", Bearer(token))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"bearer_only":true,"use_jwks":true}""", "property \"client_id\" is required")]
    [InlineData("""{"client_id":"a","bearer_only":true,"use_jwks":true}""", "property \"discovery\" is required")]
    [InlineData("""{"client_id":"a","discovery":"http://a","use_jwks":true}""", "bearer_only: false is not there, because this gateway keeps no sessions of browsers; allowed: true")]
    [InlineData("""{"client_id":"a","discovery":"a","bearer_only":true,"use_jwks":true}""", "\"a\" is no URL")]
    [InlineData("""{"client_id":"a","discovery":"http://a","bearer_only":true}""", "tokens are not verified by introspection here; allowed: use_jwks true, or public_key")]
    [InlineData("""{"client_id":"a","discovery":"http://a","bearer_only":true,"public_key":"x"}""", "public_key: it is no PEM")]
    [InlineData("""{"client_id":"a","discovery":"http://a","bearer_only":true,"use_jwks":true,"token_signing_alg_values_expected":"HS256"}""", "token_signing_alg_values_expected: \"HS256\" is not there; allowed: RS256, RS384")]
    [InlineData("""{"client_id":"a","discovery":"http://a","bearer_only":true,"use_jwks":true,"accept_none_alg":true}""", "accept_none_alg: a token that nobody has signed is anybody's; allowed: false")]
    [InlineData("""{"client_id":"a","discovery":"http://a","bearer_only":true,"use_jwks":true,"claim_schema":{}}""", "claim_schema is not there")]
    [InlineData("""{"client_id":"a","discovery":"http://a","bearer_only":true,"use_jwks":true,"proxy_opts":{}}""", "proxy_opts is not there")]
    [InlineData("""{"client_id":"a","discovery":"http://a","bearer_only":true,"use_jwks":true,"ssl_verify":true}""", "ssl_verify has no effect with an http URL")]
    [InlineData("""{"client_id":"a","discovery":"http://a","bearer_only":true,"use_jwks":true,"realm":"a\"b"}""", "property \"realm\" validation failed")]
    [InlineData("""{"client_id":"a","discovery":"http://a","bearer_only":true,"use_jwks":true,"claim_validator":{"issuer":{"valid_issuer":[]}}}""", "additional properties forbidden, found valid_issuer (did you mean valid_issuers?)")]
    [InlineData("""{"client_id":"a","discovery":"http://a","bearer_only":true,"use_jwks":true,"set_access_token_header":false,"access_token_in_authorization_header":true}""", "access_token_in_authorization_header has no effect with set_access_token_header false")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("openid-connect", config, text);

    private static (string Name, string Value) Bearer(string token) => ("Authorization", "Bearer " + token);

    private static Task<PluginGateway> StartAsync(TestProvider provider, string more = """ "realm":"apisix" """, TimeProvider? time = null) => PluginGateway.StartAsync(
        $$"""{"openid-connect":{"client_id":"app","discovery":"{{provider.Url}}/.well-known/openid-configuration","bearer_only":true,"use_jwks":true,{{more}} } }""", time: time ?? new ManualTimeProvider());

    private static AsymmetricAlgorithm KeyOf(string algorithm) => algorithm switch { "ES256" => P256, "ES384" => P384, "ES512" => P521, _ => Rsa };

    private static Dictionary<string, string> JwkOf(string algorithm, string kid) => KeyOf(algorithm) is ECDsa ecdsa ? TestProvider.Jwk(ecdsa, kid) : TestProvider.Jwk(Rsa, kid, algorithm);

    private static ECDsa Another(string algorithm) => ECDsa.Create(((ECDsa)KeyOf(algorithm)).ExportParameters(false).Curve);
}
