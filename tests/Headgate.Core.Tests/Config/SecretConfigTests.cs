using System.Text;
using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

public sealed class SecretConfigTests
{
    [Fact]
    public void Parse_EveryManager_IsTypedAndShowsNoSecret()
    {
        SecretConfig vault = Parse("vault/1", "{'uri':'https://a:8200','prefix':'kv','token':'t0ken','namespace':'n'}").Valid;
        vault.ShouldBe(new VaultSecretConfig("vault/1", "https://a:8200", "kv", "t0ken", "n"));
        vault.ToString().ShouldBe("VaultSecretConfig { Id = vault/1 }");

        SecretConfig aws = Parse("aws/1", "{'access_key_id':'a','secret_access_key':'s3cret'}").Valid;
        aws.ShouldBe(new AwsSecretConfig("aws/1", "a", "s3cret", null, "us-east-1", null));
        aws.ToString().ShouldBe("AwsSecretConfig { Id = aws/1 }");

        var gcp = (GcpSecretConfig)Parse("gcp/1", "{'auth_config':{'client_email':'e','private_key':'k3y','project_id':'p'},'ssl_verify':false}").Valid;
        (gcp.ClientEmail, gcp.PrivateKey, gcp.ProjectId, gcp.TokenUri, gcp.SslVerify).ShouldBe(("e", "k3y", "p", GcpSecretConfig.DefaultTokenUri, false));
        gcp.Scope.ShouldBe([GcpSecretConfig.DefaultScope]);
        gcp.ToString().ShouldBe("GcpSecretConfig { Id = gcp/1 }");
    }

    [Fact]
    public void Parse_SeveralProblems_FindsAll() =>
        Parse("aws/1", "{'region':5}").ShouldFailWith(
            "invalid configuration: property \"access_key_id\" is required",
            "invalid configuration: property \"secret_access_key\" is required",
            "invalid configuration: property \"region\" validation failed: wrong type: expected string, got number");

    [Fact]
    public void Parse_UnknownField_IsNoted() =>
        Parse("vault/1", "{'uri':'http://a','prefix':'p','token':'t','tokn':1}").Warnings[0].ShouldBe("tokn is not known here and has no effect (did you mean token?)");

    [Theory]
    [InlineData(ResourceKind.Ssl, """{"cert":"c","key":"k","keys":["k1","k2"],"client":{"key":"no"}}""", """{"cert":"c","key":"<redacted>","keys":["<redacted>","<redacted>"],"client":{"key":"no"}}""")]
    [InlineData(ResourceKind.Upstream, """{"tls":{"client_key":"k"},"key":"uri"}""", """{"tls":{"client_key":"<redacted>"},"key":"uri"}""")]
    [InlineData(ResourceKind.Route, """{"a":[[1,{"b":2}],3],"upstream":{"tls":{"client_cert":"c","client_key":"k\n"}},"z":1.0}""", """{"a":[[1,{"b":2}],3],"upstream":{"tls":{"client_cert":"c","client_key":"<redacted>"}},"z":1.0}""")]
    [InlineData(ResourceKind.Service, """{"upstream":{"tls":{"client\u005fkey":"k"}}}""", """{"upstream":{"tls":{"client\u005fkey":"<redacted>"}}}""")]
    [InlineData(ResourceKind.Secret, """{"auth_config":{"private_key":"k","client_email":"e"},"token":5}""", """{"auth_config":{"private_key":"<redacted>","client_email":"e"},"token":5}""")]
    [InlineData(ResourceKind.ServiceRegistry, """{"kubernetes_config":{"client":{"token":"t"},"service":{"host":"h"}}}""", """{"kubernetes_config":{"client":{"token":"<redacted>"},"service":{"host":"h"}}}""")]
    [InlineData(ResourceKind.ServiceRegistry, """{"kubernetes_config":[{"id":"a","client":{"token":"t"}},{"client":{"token_file":"/t"}}]}""", """{"kubernetes_config":[{"id":"a","client":{"token":"<redacted>"}},{"client":{"token_file":"/t"}}]}""")]
    [InlineData(ResourceKind.Consumer, """{"plugins":{"no-such":{"key":"k"}}}""", """{"plugins":{"no-such":{"key":"k"}}}""")]
    [InlineData(ResourceKind.Ssl, "not json", "not json")]
    public void Redact_SecretsOnly_EveryOtherByteStays(ResourceKind kind, string json, string shown) =>
        Encoding.UTF8.GetString(SecretFields.Redact(kind, "1", Encoding.UTF8.GetBytes(json)).Span).ShouldBe(shown);

    [Theory]
    [InlineData("/apisix/consumers/jack", ResourceKind.Consumer, "jack")]
    [InlineData("/apisix/consumers/jack/credentials/1", ResourceKind.Credential, "jack/credentials/1")]
    [InlineData("/apisix/secrets/vault/1", ResourceKind.Secret, "vault/1")]
    [InlineData("/apisix/plugin_metadata/http-logger", ResourceKind.PluginMetadata, "http-logger")]
    public void TryParseKey_OfEveryForm_IsTheInverseOfKey(string key, ResourceKind kind, string id)
    {
        ResourceKinds.TryParseKey(key, out ResourceKind parsed, out string parsedId).ShouldBeTrue();
        (parsed, parsedId).ShouldBe((kind, id));
        kind.Key(id).ShouldBe(key);
        ResourceKinds.TryParseServedKey(key, out _, out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("/apisix/consumers/")]
    [InlineData("/apisix/credentials/1")]
    [InlineData("/apisix/nothing/1")]
    [InlineData("/apisix/")]
    [InlineData("/apisixx/routes/1")]
    [InlineData("routes/1")]
    [InlineData("")]
    public void TryParseKey_OfNoObject_IsFalse(string key) => ResourceKinds.TryParseKey(key, out _, out _).ShouldBeFalse();

    private static Parsed<SecretConfig> Parse(string id, string json) => Parsed.Run(json, (value, errors) => ConfigParser.ParseSecret(id, value, errors));
}
