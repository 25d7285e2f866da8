using Headgate.Store.Protection;

namespace Headgate.Store.Tests.Protection;

public sealed class ApisixKeyringTests
{
    private const string Old = "edd1c9f0985e76a2";
    private const string New = "qeddd145sfvddff3";
    private const string Consumer = "/apisix/consumers/jack#plugins.key-auth.key";

    // openssl enc -aes-128-cbc -K $(printf edd1c9f0985e76a2 | od -tx1) -iv (the same) -a
    private const string Form = "WaGoM2CHuUOSrRQlT0Xc2e/NMQVW2Q4pJbHexkXgNk4=";

    // openssl enc -aes-256-cbc -K $(printf 0123456789abcdef0123456789abcdef | od -tx1) -iv $(printf 0123456789abcdef | od -tx1) -a
    private const string LongForm = "QlT2/VsKTCF8QrJQpUt0euq1/6f/oVdHmjCcBXui5wE=";

    [Fact]
    public void TryReveal_AnyKeyOfTheRing_Decrypts()
    {
        var ring = new ApisixKeyring([New, "0123456789abcdef0123456789abcdef", Old], seals: true);

        foreach (string form in (string[])[Form, LongForm])
        {
            ring.TryReveal(Consumer, form, out string text, out _).ShouldBeTrue();
            text.ShouldBe("hush-hush, grüße");
        }
    }

    [Fact]
    public void Seal_FirstKey_IsAsOpensslDoesIt()
    {
        new ApisixKeyring([Old, New], seals: true).Seal(Consumer, "hush-hush, grüße").ShouldBe(Form);
        new ApisixKeyring(["0123456789abcdef0123456789abcdef"], seals: true).Seal(Consumer, "hush-hush, grüße").ShouldBe(LongForm);
    }

    [Theory]
    [InlineData("in clear")]
    [InlineData("c2hvcnQ=")]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA")]
    [InlineData("$secret://vault/1/jack/key")]
    public void TryReveal_WrittenBeforeThereWasAKey_IsAsItIs(string form)
    {
        new ApisixKeyring([New], seals: true).TryReveal(Consumer, form, out string text, out _).ShouldBeTrue();
        text.ShouldBe(form);
    }

    [Fact]
    public void TryReveal_KeyOfAnotherRing_SaysSo()
    {
        new ApisixKeyring([New], seals: true).TryReveal(Consumer, Form, out string text, out string? problem).ShouldBeFalse();
        (text, problem).ShouldBe((Form, "no key of apisix.data_encryption.keyring decrypts it"));
    }

    [Theory]
    [InlineData("/apisix/ssls/1#key", "-----BEGIN", true)]
    [InlineData("/apisix/ssls/1#keys.0", "-----BEGIN", true)]
    [InlineData("/apisix/ssls/1#key", "$secret://vault/1/a/b", false)]
    [InlineData("/apisix/upstreams/1#tls.client_key", "-----BEGIN", true)]
    [InlineData("/apisix/routes/1#plugins.limit-count.redis_password", "a", true)]
    [InlineData("/apisix/plugin_metadata/opentelemetry#collector.request_headers.token", "a", false)]
    [InlineData("/apisix/service_registries/1#kubernetes_config.client.token", "a", true)]
    [InlineData("/apisix/secrets/vault/1#token", "a", false)]
    [InlineData("/headgate/x#plugins.key-auth.key", "a", false)]
    public void Seal_Place_EncryptsWhatApisixDecrypts(string place, string text, bool isSealed)
    {
        new ApisixKeyring([New], seals: true).Seal(place, text).ShouldBe(isSealed ? new ApisixKeyring([New], seals: true).Seal(Consumer, text) : text);
        new ApisixKeyring([New], seals: false).Seal(place, text).ShouldBe(text);
        new ApisixKeyring([], seals: true).Seal(place, text).ShouldBe(text);
    }

    [Fact]
    public void Key_OfAnotherLength_IsRefused() =>
        Should.Throw<ArgumentException>(() => new ApisixKeyring(["short"], seals: true)).Message.ShouldStartWith("A key of APISIX's keyring has 16 or 32 bytes.");
}
