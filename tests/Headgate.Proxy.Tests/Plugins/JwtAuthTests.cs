using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Proxy.Tests.Plugins.Jwt;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>jwt-auth</c> through the whole gateway, with tokens of another library.</summary>
public sealed class JwtAuthTests
{
    public static TheoryData<string> Algorithms => JwtVectors.Algorithms;

    public static TheoryData<string> PublicAlgorithms => JwtVectors.PublicAlgorithms;

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Token_OfEachAlgorithm_Passes(string algorithm)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"jwt-auth":{}}""", time: new ManualTimeProvider());
        object credential = algorithm.StartsWith("HS", StringComparison.Ordinal)
            ? new { key = "jack", algorithm, secret = Convert.ToBase64String(JwtVectors.SecretOf(algorithm)), base64_secret = true }
            : new { key = "jack", algorithm, public_key = JwtVectors.PublicKey(algorithm) };
        PutConsumer(gateway, credential);
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer answer = await gateway.GetAsync(version, "/", Bearer(JwtVectors.Token(algorithm)));
            answer.Status.ShouldBe(200);
            answer.Seen("X-Consumer-Username").ShouldBe(["jack"]);
        }
    }

    [Theory]
    [MemberData(nameof(PublicAlgorithms))]
    public async Task Token_OfAnotherKeyOrOfThePublicKeyAsSecret_IsRefused(string algorithm)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"jwt-auth":{}}""", time: new ManualTimeProvider());
        PutConsumer(gateway, new { key = "jack", algorithm, public_key = JwtVectors.PublicKey(algorithm) });
        foreach (string kind in (string[])["ofAnotherKey", "confused"])
            (await gateway.GetAsync(1, "/", Bearer(JwtVectors.Token(algorithm, kind)))).ShouldBeRefused("failed to verify jwt");
    }

    [Theory]
    [InlineData("/", "Authorization", "Bearer {t}")]
    [InlineData("/", "Authorization", "bearer {t}")]
    [InlineData("/", "Authorization", "{t}")]
    [InlineData("/?a=1&jwt={t}", "X", "1")]
    [InlineData("/", "Cookie", "a=b; jwt={t}; c=d")]
    public async Task Token_InEachPlace_Passes_AndIsHidden(string path, string name, string value)
    {
        string token = JwtVectors.Claims("plain");
        await using PluginGateway gateway = await StartAsync("{}");
        (await gateway.GetAsync(1, path.Replace("{t}", token), (name, value.Replace("{t}", token)))).Body.ShouldContain(token);
        gateway.Put("""{"jwt-auth":{"hide_credentials":true}}""");
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer hidden = await gateway.GetAsync(version, path.Replace("{t}", token), (name, value.Replace("{t}", token)));
            hidden.Status.ShouldBe(200);
            hidden.Body.ShouldNotContain(token);
            hidden.Seen("Cookie").ShouldBe(name == "Cookie" ? ["a=b; c=d"] : []);
            hidden.SeenLine.ShouldStartWith(path.Contains('?') ? "GET /?a=1 " : "GET / ");
        }
    }

    [Fact]
    public async Task HideCredentials_TakesTheOnlyCookieOut()
    {
        await using PluginGateway gateway = await StartAsync("""{"hide_credentials":true,"cookie":"session","header":"X-Token","query":"t","key_claim_name":"iss"}""");
        PluginAnswer answer = await gateway.GetAsync(1, "/?jwt=1", ("Cookie", "session=" + JwtVectors.Claims("otherClaim")), ("Authorization", "kept"));
        answer.Status.ShouldBe(200);
        answer.Seen("Cookie").ShouldBeEmpty();
        answer.Seen("Authorization").ShouldBe(["kept"]);
        answer.SeenLine.ShouldStartWith("GET /?jwt=1 ");
    }

    [Fact]
    public async Task HideCredentials_TakesTheCookieOutOfEachField()
    {
        await using PluginGateway gateway = await StartAsync("""{"hide_credentials":true}""");
        string token = JwtVectors.Claims("plain");
        string answer = await gateway.Gateway.SendRawAsync($"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: jwt={token};a=1\r\nCookie: jwts=2; jwt={token}\r\n\r\n");
        answer.ShouldContain("cookie: a=1; jwts=2\r\n", Case.Insensitive);
        answer.ShouldNotContain(token);
    }

    [Theory]
    [InlineData("valid", null)]
    [InlineData("fractions", null)]
    [InlineData("escapedKey", null)]
    [InlineData("nested", null)]
    [InlineData("many", null)]
    [InlineData("long", null)]
    [InlineData("expiring", "failed to verify jwt")]
    [InlineData("expired", "failed to verify jwt")]
    [InlineData("early", "failed to verify jwt")]
    [InlineData("expiryIsText", "failed to verify jwt")]
    [InlineData("expiryIsNull", "failed to verify jwt")]
    [InlineData("earlyIsText", "failed to verify jwt")]
    [InlineData("noKey", "missing user key in JWT token")]
    [InlineData("otherKey", "Invalid user key in JWT token")]
    [InlineData("numberAsKey", "Invalid user key in JWT token")]
    [InlineData("loneSurrogate", "Invalid user key in JWT token")]
    [InlineData("twice", "JWT token invalid")]
    [InlineData("tooLong", "JWT token invalid")]
    [InlineData("critical", "JWT token invalid")]
    public async Task Claims_Decide(string name, string? message)
    {
        await using PluginGateway gateway = await StartAsync("{}");
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer answer = await gateway.GetAsync(version, "/", Bearer(JwtVectors.Claims(name)));
            if (message is null)
                answer.Status.ShouldBe(200);
            else
                answer.ShouldBeRefused(message);
        }
    }

    [Theory]
    [InlineData("expired", 10, false)]
    [InlineData("expired", 11, true)]
    [InlineData("early", 9, false)]
    [InlineData("early", 10, true)]
    public async Task Leeway_IsTheConsumers(string name, int seconds, bool passes)
    {
        await using PluginGateway gateway = await StartAsync("{}", $$""","lifetime_grace_period":{{seconds}}""");
        (await gateway.GetAsync(1, "/", Bearer(JwtVectors.Claims(name)))).Status.ShouldBe(passes ? 200 : 401);
    }

    [Fact]
    public async Task Time_Passes()
    {
        var time = new ManualTimeProvider();
        await using PluginGateway gateway = await StartAsync("{}", time: time);
        time.Advance(TimeSpan.FromSeconds(59));
        (await gateway.GetAsync(1, "/", Bearer(JwtVectors.Claims("valid")))).Status.ShouldBe(200);
        time.Advance(TimeSpan.FromSeconds(1));
        (await gateway.GetAsync(1, "/", Bearer(JwtVectors.Claims("valid")))).Status.ShouldBe(401);
    }

    [Theory]
    [InlineData("""["exp"]""", "plain", 401)]
    [InlineData("""["exp","nbf"]""", "valid", 200)]
    [InlineData("""["nbf"]""", "early", 401)]
    [InlineData("""["nbf"]""", "expired", 401)] // it has no nbf
    [InlineData("""["exp"]""", "early", 401)] // nor this an exp
    [InlineData("[]", "expired", 401)]
    [InlineData("[]", "plain", 200)]
    public async Task ClaimsToVerify_AreRequired(string listed, string name, int status)
    {
        await using PluginGateway gateway = await StartAsync($$"""{"claims_to_verify":{{listed}}}""");
        (await gateway.GetAsync(1, "/", Bearer(JwtVectors.Claims(name)))).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData(null, "Missing JWT token in request")]
    [InlineData("", "JWT token invalid")]
    [InlineData("Bearer", "JWT token invalid")]
    [InlineData("Basic a:b", "JWT token invalid")]
    [InlineData("Bearer a.b.c", "JWT token invalid")]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.eyJrZXkiOiJqYWNrIn0.", "JWT token invalid")]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.eyJrZXkiOiJqYWNrIn0.AAAA", "failed to verify jwt")]
    public async Task Authorization_MissingOrWrong_IsChallenged(string? value, string message)
    {
        await using PluginGateway gateway = await StartAsync("{}");
        foreach (int version in (int[])[1, 2])
            (await gateway.GetAsync(version, "/", value is null ? [] : [("Authorization", value)])).ShouldBeRefused(message);
        gateway.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task Anonymous_TakesWhatIsNobodys()
    {
        await using PluginGateway gateway = await StartAsync("""{"anonymous_consumer":"guest","hide_credentials":true}""");
        gateway.Gateway.Put(ResourceKind.Consumer, "guest", """{"username":"guest"}""");
        PluginAnswer answer = await gateway.GetAsync(2, "/", Bearer(JwtVectors.Claims("expired")));
        answer.Seen("X-Consumer-Username").ShouldBe(["guest"]);
        answer.Seen("Authorization").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"header":"a b"}""", "header: \"a b\" is no name of a header field")]
    [InlineData("""{"key_claim_name":""}""", "property \"key_claim_name\" validation failed: string too short, expected at least 1, got 0")]
    [InlineData("""{"claims_to_verify":["iat"]}""", "failed to validate item 1: matches none of the enum values (given \"iat\"; allowed: exp, nbf)")]
    [InlineData("""{"claims_to_verify":["exp","exp"]}""", "expected unique items but items 1 and 2 are equal")]
    [InlineData("""{"cookies":"a"}""", "additional properties forbidden, found cookies (did you mean cookie?)")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("jwt-auth", config, text);

    [Theory]
    [InlineData("""{"secret":"a"}""", "property \"key\" is required")]
    [InlineData("""{"key":"a"}""", "property \"secret\" is required when using HS based algorithms")]
    [InlineData("""{"key":"a","secret":"a-b","base64_secret":true}""", "base64_secret required but the secret is not in base64 format")]
    [InlineData("""{"key":"a","secret":"b","algorithm":"none"}""", "property \"algorithm\" validation failed: matches none of the enum values (given \"none\"; allowed: HS256,")]
    [InlineData("""{"key":"a","public_key":"b","algorithm":"EdDSA"}""", "algorithm: EdDSA is not there, as .NET has no Ed25519; allowed: HS256, HS384,")]
    [InlineData("""{"key":"a","secret":"b","algorithm":"RS256"}""", "value should match only one schema, but matches none (public_key is required with RS256)")]
    [InlineData("""{"key":"a","public_key":"b","algorithm":"RS256"}""", "public_key: it is no PEM; give -----BEGIN PUBLIC KEY----- with its lines")]
    [InlineData("""{"key":"a","public_key":"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----","algorithm":"ES256"}""", "public_key: it is a \"PRIVATE KEY\"; allowed: \"PUBLIC KEY\", \"RSA PUBLIC KEY\"")]
    [InlineData("""{"key":"a","public_key":"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----","algorithm":"PS256"}""", "public_key: it is no RSA key, which PS256 takes, or it is damaged")]
    [InlineData("""{"key":"a","secret":"b","lifetime_grace_period":-1}""", "property \"lifetime_grace_period\" validation failed: expected -1 to be at least 0")]
    [InlineData("""{"key":"a","secret":"b","exp":0}""", "property \"exp\" validation failed: expected 0 to be at least 1")]
    public void Credential_Wrong_IsRefused(string credential, string text) => PluginConfigs.ShouldRefuseCredential("jwt-auth", credential, text);

    [Theory]
    [InlineData("ES384", "ES256", "public_key: its curve is ECDSA_P256; ES384 has one of its own")]
    [InlineData("RS256", "ES256", "public_key: it is no RSA key, which RS256 takes, or it is damaged")]
    [InlineData("ES256", "RS256", "public_key: it is no key on an elliptic curve, which ES256 takes, or it is damaged")]
    public void Credential_KeyOfAnotherAlgorithm_IsRefused(string algorithm, string of, string text) =>
        PluginConfigs.ShouldRefuseCredential("jwt-auth", JsonSerializer.Serialize(new { key = "a", algorithm, public_key = JwtVectors.PublicKey(of) }), text);

    [Fact]
    public void Credential_ShortOrManyKeys_AreRefused()
    {
        using var shortKey = System.Security.Cryptography.RSA.Create(1024);
        string pem = shortKey.ExportSubjectPublicKeyInfoPem();
        PluginConfigs.ShouldRefuseCredential("jwt-auth", JsonSerializer.Serialize(new { key = "a", algorithm = "RS256", public_key = pem }), "public_key: an RSA key of 1024 bits is given; allowed: 2048 to 16384");
        string two = JwtVectors.PublicKey("RS256") + "\n" + JwtVectors.PublicKey("RS384");
        PluginConfigs.ShouldRefuseCredential("jwt-auth", JsonSerializer.Serialize(new { key = "a", algorithm = "RS256", public_key = two }), "public_key: it has more than one key");
    }

    [Fact]
    public void Credential_WhatHasNoEffect_IsWarnedAbout()
    {
        PluginConfigs.ReadCredential("jwt-auth", """{"key":"a","secret":"b","public_key":"c","exp":60}""", out IReadOnlyList<ConfigError> warnings);
        warnings.Select(warning => warning.Path).Order().ShouldBe(["plugins.jwt-auth.exp", "plugins.jwt-auth.public_key", "plugins.jwt-auth.secret"]);
        warnings.ShouldContain(warning => warning.Message.StartsWith("secret: 1 bytes are fewer than the 32 that HS256 is to have"));
    }

    [Theory]
    [InlineData("""{"key":"a","secret":"$secret://vault/1/a/b","base64_secret":true}""")]
    [InlineData("""{"key":"a","public_key":"$env://KEY","algorithm":"ES256"}""")]
    public void Credential_KeptElsewhere_IsTakenAndVerifiesNothing(string credential)
    {
        PluginConfig read = PluginConfigs.ReadCredential("jwt-auth", credential, out IReadOnlyList<ConfigError> warnings);
        warnings.ShouldBeEmpty();
        read.ShouldBeOfType<Headgate.Proxy.Plugins.JwtAuth.JwtAuthCredential>().Verifier.Verify("a"u8, new byte[64]).ShouldBeFalse();
    }

    [Fact]
    public void Credential_Equal_BehavesEqually()
    {
        PluginConfig read = PluginConfigs.ReadCredential("jwt-auth", Es256(""), out _);
        PluginConfigs.ReadCredential("jwt-auth", Es256(""), out _).ShouldBe(read);
        PluginConfigs.ReadCredential("jwt-auth", Es256(""","lifetime_grace_period":1"""), out _).ShouldNotBe(read);
        PluginConfigs.ReadCredential("jwt-auth", Es256("").Replace(JsonSerializer.Serialize(JwtVectors.PublicKey("ES256")), JsonSerializer.Serialize(Other())), out _).ShouldNotBe(read);

        static string Es256(string more) => $$"""{"key":"a","algorithm":"ES256","public_key":{{JsonSerializer.Serialize(JwtVectors.PublicKey("ES256"))}}{{more}}}""";
        static string Other()
        {
            using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
            return key.ExportSubjectPublicKeyInfoPem();
        }
    }

    private static (string Name, string Value) Bearer(string token) => ("Authorization", "Bearer " + token);

    private static void PutConsumer(PluginGateway gateway, object credential) =>
        gateway.Gateway.Put(ResourceKind.Consumer, "jack", JsonSerializer.Serialize(new { username = "jack", plugins = new Dictionary<string, object> { ["jwt-auth"] = credential } }));

    private static async Task<PluginGateway> StartAsync(string config, string more = "", TimeProvider? time = null)
    {
        PluginGateway gateway = await PluginGateway.StartAsync($$"""{"jwt-auth":{{config}}}""", time: time ?? new ManualTimeProvider());
        gateway.Gateway.Put(ResourceKind.Consumer, "jack", $$$"""{"username":"jack","plugins":{"jwt-auth":{"key":"jack","secret":"{{{JwtVectors.Secret}}}"{{{more}}}} } }""");
        return gateway;
    }
}
