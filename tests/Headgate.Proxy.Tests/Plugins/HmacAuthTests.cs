using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>hmac-auth</c> through the whole gateway.</summary>
public sealed class HmacAuthTests
{
    private const string Date = "Thu, 01 Jan 2026 00:00:00 GMT";

    [Theory]
    // printf 'k1\nGET /a?b=1\ndate: Thu, 01 Jan 2026 00:00:00 GMT\nX-Id: 7\n' | openssl dgst -ALG -hmac 'a secret' -binary | base64
    [InlineData("hmac-sha1", "pTPoUA0drzeF8J7XaMp6/dJkcLM=")]
    [InlineData("hmac-sha256", "9CyKTFlux7lejTlfX8kGYNvo1niZO3coZh8Xjwp+X6M=")]
    [InlineData("hmac-sha512", "fIDwPJbjXTkmp7TzLjG8H9VjYd5q1/+4VuIQ4nD5BXWudQIAso1++YyUfHp8q6e36t9pb0M601wGqJWCqXCLuw==")]
    public async Task Signature_OfAnotherProgram_Passes(string algorithm, string signature)
    {
        await using PluginGateway gateway = await StartAsync("{}");
        foreach (int version in (int[])[1, 2])
        {
            string value = $"Signature keyId=\"k1\",algorithm=\"{algorithm}\", headers=\"@request-target date X-Id\",signature=\"{signature}\"";
            PluginAnswer answer = await gateway.GetAsync(version, "/a?b=1", ("Date", Date), ("x-id", "7"), ("Authorization", value));
            answer.Status.ShouldBe(200);
            answer.Seen("X-Consumer-Username").ShouldBe(["jack"]);
            answer.Seen("Authorization").ShouldBe([value]);
        }
    }

    [Theory]
    [InlineData("date", "date: {d}\n")]
    [InlineData("Date", "Date: {d}\n")]
    [InlineData("date x-absent", "date: {d}\n")]
    [InlineData("host date", "host: {h}\ndate: {d}\n")]
    [InlineData("date  x-id ", "date: {d}\nx-id: 7\n")]
    public async Task Signature_OfWhatItCovers_Passes_AndIsHidden(string headers, string lines)
    {
        await using PluginGateway gateway = await StartAsync("""{"hide_credentials":true}""");
        string signed = "k1\n" + lines.Replace("{d}", Date).Replace("{h}", $"127.0.0.1:{gateway.Gateway.Port}");
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer answer = await gateway.GetAsync(version, "/", ("Date", Date), ("X-Id", "7"), Signature(headers, signed));
            answer.Status.ShouldBe(200);
            answer.Seen("Authorization").ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData(null, "client request can't be validated: missing Authorization header")]
    [InlineData("Basic YTpi", "client request can't be validated: Authorization header does not start with 'Signature'")]
    [InlineData("Signature", "client request can't be validated")]
    [InlineData("Signature x", "client request can't be validated")]
    [InlineData("Signature keyId=\"k1\"", "client request can't be validated")]
    [InlineData("Signature =\"", "client request can't be validated")]
    [InlineData("Signature keyId=\"", "client request can't be validated")]
    public async Task Authorization_MissingOrWrong_IsChallenged(string? value, string message)
    {
        await using PluginGateway gateway = await StartAsync("""{"realm":"r"}""");
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer answer = await gateway.GetAsync(version, "/", value is null ? [("Date", Date)] : [("Date", Date), ("Authorization", value)]);
            answer.ShouldBeRefused(message);
            answer.Fields["WWW-Authenticate"].ShouldBe(["hmac realm=\"r\""]);
        }

        gateway.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData("k2", "hmac-sha256", "date", "k2\ndate: {d}\n", "nobody's key")]
    [InlineData("k1", "hmac-sha384", "date", "k1\ndate: {d}\n", "no algorithm")]
    [InlineData("k1", "HMAC-SHA256", "date", "k1\ndate: {d}\n", "no algorithm")]
    [InlineData("k1", "hmac-sha256", "", "k1\n", "the date must be covered")]
    [InlineData("k1", "hmac-sha256", "x-id", "k1\nx-id: 7\n", "the date must be covered")]
    [InlineData("k1", "hmac-sha256", "date", "k1\ndate: {d}", "another text")]
    [InlineData("k1", "hmac-sha256", "date @request-target", "k1\ndate: {d}\nPOST /\n", "another method")]
    [InlineData("k1", "hmac-sha256", "date @request-target", "k1\ndate: {d}\nGET /b\n", "another target")]
    [InlineData("k1", "hmac-sha256", "date x-id", "k1\ndate: {d}\nx-id: 8\n", "another value")]
    [InlineData("k1\",keyId=\"k1", "hmac-sha256", "date", "k1\ndate: {d}\n", "a member twice")]
    public async Task Signature_OfAnythingElse_IsRefused(string key, string algorithm, string headers, string signed, string why)
    {
        await using PluginGateway gateway = await StartAsync("{}");
        PluginAnswer answer = await gateway.GetAsync(2, "/", ("Date", Date), ("X-Id", "7"), Signature(headers, signed.Replace("{d}", Date), algorithm, key));
        answer.Status.ShouldBe(401, why);
        answer.ShouldBeRefused("client request can't be validated");
    }

    [Theory]
    [InlineData("", "200")]
    [InlineData("X-Id: 8\r\n", "401")] // the node might take this one
    public async Task CoveredField_ThatComesTwice_IsRefused(string more, string status)
    {
        await using PluginGateway gateway = await StartAsync("{}");
        (string name, string value) = Signature("date x-id", $"k1\ndate: {Date}\nx-id: 7\n");
        string head = $"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nDate: {Date}\r\nX-Id: 7\r\n{more}{name}: {value}\r\n\r\n";
        (await gateway.Gateway.SendRawAsync(head)).ShouldStartWith($"HTTP/1.1 {status} ");
    }

    [Theory]
    [InlineData(0, "{}", 200)]
    [InlineData(300, "{}", 200)]
    [InlineData(-300, "{}", 200)]
    [InlineData(301, "{}", 401)]
    [InlineData(-301, "{}", 401)]
    [InlineData(2, """{"clock_skew":1}""", 401)]
    public async Task Date_OutOfSkew_IsRefused(int seconds, string config, int status)
    {
        await using PluginGateway gateway = await StartAsync(config);
        string date = new ManualTimeProvider().GetUtcNow().AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture);
        (await gateway.GetAsync(1, "/", ("Date", date), Signature("date", $"k1\ndate: {date}\n"))).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2026-01-01T00:00:00Z")]
    [InlineData("Thu, 01 Jan 2026 00:00:00 GMT ,x")]
    public async Task Date_MissingOrWrong_IsRefused(string? date)
    {
        await using PluginGateway gateway = await StartAsync("""{"signed_headers":[]}""");
        (string, string) signature = Signature("x-id", "k1\nx-id: 7\n");
        (await gateway.GetAsync(1, "/", date is null ? [("X-Id", "7"), signature] : [("X-Id", "7"), ("Date", date), signature])).Status.ShouldBe(401);
        (await gateway.GetAsync(1, "/", ("X-Id", "7"), ("Date", Date), signature)).Status.ShouldBe(200, "without it being covered");
    }

    [Fact]
    public async Task AllowedAlgorithms_AreTheOnlyOnes()
    {
        await using PluginGateway gateway = await StartAsync("""{"allowed_algorithms":["hmac-sha512"]}""");
        (await gateway.GetAsync(1, "/", ("Date", Date), Signature("date", $"k1\ndate: {Date}\n"))).Status.ShouldBe(401);
        (await gateway.GetAsync(1, "/", ("Date", Date), Signature("date", $"k1\ndate: {Date}\n", "hmac-sha512"))).Status.ShouldBe(200);
    }

    [Theory]
    // printf 'hello' | openssl dgst -sha256 -binary | base64
    [InlineData("hello", "SHA-256=LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=", 200)]
    [InlineData("", "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", 200)]
    [InlineData("hellO", "SHA-256=LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=", 401)]
    [InlineData("hello", "sha-256=LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=", 401)]
    [InlineData("hello", "SHA-256=LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ", 401)]
    [InlineData("hello", "SHA-256=", 401)]
    [InlineData("hello", null, 401)]
    public async Task Digest_OfAnotherBody_IsRefused(string body, string? digest, int status)
    {
        await using PluginGateway gateway = await StartAsync("""{"validate_request_body":true}""");
        foreach (int version in (int[])[1, 2])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{gateway.Gateway.Port}/") { Content = new StringContent(body) };
            string covered = digest is null ? "date" : "date digest";
            string signed = $"k1\ndate: {Date}\n" + (digest is null ? "" : $"digest: {digest}\n");
            PluginAnswer answer = await gateway.SendAsync(
                version, request, digest is null ? [("Date", Date), Signature(covered, signed)] : [("Date", Date), ("Digest", digest), Signature(covered, signed)]);
            answer.Status.ShouldBe(status);
            if (status == 401)
                answer.ShouldBeRefused("client request can't be validated");
        }

        gateway.Bodies.ShouldBe(status == 200 ? [body, body] : []);
    }

    [Theory]
    [InlineData("Content-Length: 5\r\n\r\n", "413", "request size 5 is greater than the maximum size 4 allowed")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "413", "request size is greater than the maximum size 4 allowed")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nx\r\n", "400", "400 Bad Request")]
    public async Task Digest_OfABodyThatCannotBeRead_IsNoMatterOfIdentity(string rest, string status, string told)
    {
        await using PluginGateway gateway = await StartAsync("""{"validate_request_body":true,"max_req_body_size":4,"anonymous_consumer":"nobody"}""");
        (string name, string value) = Signature("date", $"k1\ndate: {Date}\n");
        string answer = await gateway.Gateway.SendRawAsync($"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nDate: {Date}\r\nDigest: x\r\n{name}: {value}\r\n{rest}");
        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        answer.ShouldContain(told);
        answer.ShouldNotContain("WWW-Authenticate");
    }

    [Fact]
    public async Task Digest_IsReadOnlyOfWhoHasSigned()
    {
        await using PluginGateway gateway = await StartAsync("""{"validate_request_body":true}""");
        // Nothing of the body is sent, and the answer does not wait for it.
        (string name, string value) = Signature("date", "k1\nanother text\n");
        string answer = await gateway.Gateway.SendRawAsync($"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nDate: {Date}\r\nDigest: x\r\n{name}: {value}\r\nContent-Length: 5\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 401 ");
    }

    [Fact]
    public async Task Digest_UnderMultiAuth_AsksTheNext()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"multi-auth":{"auth_plugins":[{"hmac-auth":{"validate_request_body":true}},{"key-auth":{}}]}}""", time: new ManualTimeProvider());
        gateway.Gateway.Put(ResourceKind.Consumer, "jack", """{"username":"jack","plugins":{"hmac-auth":{"key_id":"k1","secret_key":"a secret"},"key-auth":{"key":"k"}}}""");
        foreach (string key in (string[])["k", "other"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{gateway.Gateway.Port}/") { Content = new StringContent("hello") };
            PluginAnswer answer = await gateway.SendAsync(1, request, ("Date", Date), ("Digest", "SHA-256=x"), ("apikey", key), Signature("date", $"k1\ndate: {Date}\n"));
            answer.Status.ShouldBe(key == "k" ? 200 : 401);
        }

        gateway.Bodies.ShouldBe(["hello"]);
    }

    [Fact]
    public async Task Anonymous_TakesWhatIsNobodys()
    {
        await using PluginGateway gateway = await StartAsync("""{"anonymous_consumer":"guest"}""");
        gateway.Gateway.Put(ResourceKind.Consumer, "guest", """{"username":"guest"}""");
        (await gateway.GetAsync(1)).Seen("X-Consumer-Username").ShouldBe(["guest"]);
    }

    [Theory]
    [InlineData("""{"validate_request_body":1}""", "property \"validate_request_body\" validation failed: wrong type: expected boolean, got number")]
    [InlineData("""{"validate_request_body":true,"max_req_body_size":0}""", "property \"max_req_body_size\" validation failed: expected 0 to be at least 1")]
    [InlineData("""{"clock_skew":0}""", "property \"clock_skew\" validation failed: expected 0 to be at least 1")]
    [InlineData("""{"allowed_algorithms":[]}""", "property \"allowed_algorithms\" validation failed: expect array to have at least 1 items")]
    [InlineData("""{"allowed_algorithms":["hmac-md5"]}""", "failed to validate item 1: matches none of the enum values (given \"hmac-md5\"; allowed: hmac-sha1,")]
    [InlineData("""{"signed_headers":[""]}""", "failed to validate item 1: string too short, expected at least 1, got 0")]
    [InlineData("""{"access_key":"a"}""", "additional properties forbidden, found access_key")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("hmac-auth", config, text);

    [Theory]
    [InlineData("""{"key_id":"a"}""", "property \"secret_key\" is required")]
    [InlineData("""{"secret_key":"a"}""", "property \"key_id\" is required")]
    [InlineData("""{"key_id":"a","secret_key":""}""", "property \"secret_key\" validation failed: string too short, expected at least 1, got 0")]
    public void Credential_Wrong_IsRefused(string credential, string text) => PluginConfigs.ShouldRefuseCredential("hmac-auth", credential, text);

    private static (string Name, string Value) Signature(string headers, string signed, string algorithm = "hmac-sha256", string key = "k1")
    {
        HashAlgorithmName hash = algorithm == "hmac-sha512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256;
        string signature = Convert.ToBase64String(CryptographicOperations.HmacData(hash, "a secret"u8.ToArray(), Encoding.UTF8.GetBytes(signed)));
        return ("Authorization", $"Signature keyId=\"{key}\",algorithm=\"{algorithm}\",headers=\"{headers}\",signature=\"{signature}\"");
    }

    private static async Task<PluginGateway> StartAsync(string config)
    {
        PluginGateway gateway = await PluginGateway.StartAsync($$"""{"hmac-auth":{{config}}}""", time: new ManualTimeProvider());
        gateway.Gateway.Put(ResourceKind.Consumer, "jack", """{"username":"jack","plugins":{"hmac-auth":{"key_id":"k1","secret_key":"a secret"}}}""");
        return gateway;
    }
}
