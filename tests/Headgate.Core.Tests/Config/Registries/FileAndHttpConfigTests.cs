using System.Text;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;

namespace Headgate.Core.Tests.Config.Registries;

public sealed class FileAndHttpConfigTests
{
    [Fact]
    public void File_Defaults_ArePinned() =>
        Good("file", """{"path":"services.json"}""").ShouldBe(new FileRegistryConfig { Path = "services.json", DefaultWeight = 100 });

    [Fact]
    public void Http_Defaults_ArePinned()
    {
        var config = (HttpRegistryConfig)Good("http", """{"url":"http://a/{service}"}""");
        config.ShouldBe(new HttpRegistryConfig { Url = "http://a/{service}" });
        (config.FetchInterval, config.Timeout, config.DefaultWeight, config.VerifiesTls, config.AsksByService).ShouldBe((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), 100, true, true));
    }

    [Fact]
    public void Http_AllFields_AreTypedAndShowNoSecret()
    {
        var config = (HttpRegistryConfig)Good(
            "http", """{"url":"https://a:8443/x?key=s1","fetch_interval":2,"timeout":0.5,"default_weight":0,"headers":{"X-B":"s2","A":"1"},"auth":{"username":"u","password":"s3"},"ssl_verify":false}""");
        config.ShouldBe(new HttpRegistryConfig
        {
            Url = "https://a:8443/x?key=s1",
            FetchInterval = TimeSpan.FromSeconds(2),
            Timeout = TimeSpan.FromMilliseconds(500),
            DefaultWeight = 0,
            Headers = [new MetadataEntry("A", "1"), new MetadataEntry("X-B", "s2")],
            User = "u",
            Password = "s3",
            VerifiesTls = false,
        });
        config.ToString().ShouldBe("HttpRegistryConfig { Url = https://a:8443/x }");
    }

    [Theory]
    [InlineData("file", "{}", "invalid configuration: property \"path\" is required")]
    [InlineData("file", """{"path":"a","pth":1}""", "invalid configuration: additional properties forbidden, found pth (did you mean path?)")]
    [InlineData("http", "{}", "invalid configuration: property \"url\" is required")]
    [InlineData("http", """{"url":"ftp://a"}""", "invalid configuration: property \"url\" validation failed: it is no URL to ask (allowed: http://HOST:PORT/PATH or https, with {service} in path or query for the name of the service)")]
    [InlineData("http", """{"url":"http://a/{name}"}""", "invalid configuration: property \"url\" validation failed: it is no URL to ask (allowed: http://HOST:PORT/PATH or https, with {service} in path or query for the name of the service)")]
    [InlineData("http", """{"url":"http://{service}.a/"}""", "invalid configuration: property \"url\" validation failed: {service} stands in its host (allowed: in path or query)")]
    [InlineData("http", """{"url":"http://u:p@a/"}""", "url holds user information; give it in auth.username and auth.password")]
    [InlineData("http", """{"url":"http://a","fetch_interval":0}""", "invalid configuration: property \"fetch_interval\" validation failed: expected 0 to be at least 1")]
    [InlineData("http", """{"url":"http://a","headers":{"A B":"c"}}""", "headers.A B is no header field (its name: letters, digits and !#$%&'*+-.^_`|~; its value: no line ends or other control characters)")]
    [InlineData("http", """{"url":"http://a","headers":{"Content-Length":"c"}}""", "headers.Content-Length is a field that the gateway writes itself, or that a question has none of; leave it out")]
    [InlineData("http", """{"url":"http://a","auth":{"username":"u","password":"p"},"headers":{"authorization":"c"}}""", "auth and headers.Authorization both say who asks; leave one of them out")]
    public void Parse_Wrong_IsRefused(string type, string json, string problem)
    {
        var errors = new ConfigErrors();
        ConfigParser.ParseRegistry(type, JsonElement.Parse(json), errors).ShouldBeNull();
        errors.Errors.ShouldHaveSingleItem().Message.ShouldBe(problem);
    }

    [Fact]
    public void Connection_UserInformationInAnAddress_IsRefused()
    {
        var errors = new ConfigErrors();
        ConfigParser.ParseServiceRegistry("1", JsonElement.Parse("""{"type":"http","http_config":{"url":"http://a/b@c"}}"""), errors).ShouldBeNull();
        errors.Errors.ShouldHaveSingleItem().ShouldBe(new ConfigError(
            "http_config.url", "http_config.url holds user information before an @; give user and password in the fields of auth (an @ in a path is written %40)"));
    }

    [Theory]
    [InlineData("""{"host":["http://u:p@ss/w@a:1/x?m=n@o","b"],"token":"t"}""", """{"host":["http://<redacted>@a:1/x?m=n@o","b"],"token":"<redacted>"}""")]
    [InlineData("""[{"client":{"token":"t","token_file":"/f"}}]""", """[{"client":{"token":"<redacted>","token_file":"/f"}}]""")]
    [InlineData("""{"auth":{"username":"u","password":"p","secret_key":"k","access_key":"a"},"headers":{"X":"y"},"n":1}""", """{"auth":{"username":"u","password":"<redacted>","secret_key":"<redacted>","access_key":"a"},"headers":{"X":"<redacted>"},"n":1}""")]
    public void Redact_Settings_LosesSecretsAlone(string json, string shown) => JsonElement.DeepEquals(JsonElement.Parse(RegistrySecrets.Redact(json)), JsonElement.Parse(shown)).ShouldBeTrue(RegistrySecrets.Redact(json));

    [Fact]
    public void SecretFields_OfAConnection_AreThoseOfItsConfigAlone() =>
        Encoding.UTF8.GetString(SecretFields.Redact(
            ResourceKind.ServiceRegistry, "a", """{"name":"a","token":"no","nacos_config":{"auth":{"username":"u","password":"p"}},"kubernetes_config":{"client":{"token":"t"}},"http_config":{"headers":{"A":"b"}}}"""u8.ToArray()).Span)
            .ShouldBe("""{"name":"a","token":"no","nacos_config":{"auth":{"username":"u","password":"<redacted>"}},"kubernetes_config":{"client":{"token":"<redacted>"}},"http_config":{"headers":{"A":"<redacted>"}}}""");

    private static RegistryConfig Good(string type, string json)
    {
        var errors = new ConfigErrors();
        RegistryConfig? config = ConfigParser.ParseRegistry(type, JsonElement.Parse(json), errors);
        errors.Errors.ShouldBeEmpty();
        return config.ShouldNotBeNull();
    }
}
