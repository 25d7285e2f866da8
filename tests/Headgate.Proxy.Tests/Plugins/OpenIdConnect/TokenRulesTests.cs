using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Headgate.Proxy.Plugins.Jwt;
using Headgate.Proxy.Plugins.OpenIdConnect;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins.OpenIdConnect;

public sealed class TokenRulesTests
{
    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public async Task VerifyAndCheck_AllocateNothing(string algorithm)
    {
        using RSA rsa = RSA.Create(2048), otherRsa = RSA.Create(2048);
        using ECDsa ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var provider = new TestProvider();
        provider.Publish(TestProvider.Jwk(otherRsa, "o"), TestProvider.Jwk(rsa, "k", "RS256"), TestProvider.Jwk(ecdsa, "k"));
        using JsonDocument document = JsonDocument.Parse(provider.Keys);
        VerificationKeys keys = JwksReader.Read(document.RootElement);
        keys.Count.ShouldBe(6 + 1 + 1);
        var config = new OpenIdConnectConfig { ClientId = "app", Discovery = new Uri(provider.Url), RequiredScopes = ["a", "b"], MatchesClientId = true };
        var rules = new TokenRules(config, new TokenRefusals(config));
        byte[] issuer = Encoding.UTF8.GetBytes(provider.Issuer);
        byte[] token = Encoding.ASCII.GetBytes(provider.Token(algorithm == "RS256" ? rsa : ecdsa, algorithm, "k", ",\"scope\":\"b a\",\"aud\":[\"x\",\"app\"],\"exp\":2000000000,\"nbf\":1"));
        bool all = true;
        Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++)
                all &= Passes(rules, keys, token, issuer);
        }).ShouldBe(0);
        all.ShouldBeTrue();
    }

    private static bool Passes(TokenRules rules, VerificationKeys keys, byte[] text, byte[] issuer)
    {
        Span<byte> scratch = stackalloc byte[text.Length];
        Span<JwtMember> room = stackalloc JwtMember[JwtToken.MembersMax];
        return JwtToken.TryRead(text, scratch, room, out JwtToken token) && rules.Allows(token) && keys.Verify(token) == KeyResult.Signed
            && rules.Check(token.Claims, issuer, DateTimeOffset.UnixEpoch.AddYears(50)) is null;
    }
}
