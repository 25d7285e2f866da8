using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>Certificate objects as the compiler holds them.</summary>
public sealed class CertificateTests : IDisposable
{
    private static readonly TestCertificates Authority = new();
    private static readonly (string Cert, string Key) Pair = Authority.IssuePem("a.test");

    private readonly FakeCompiler _certificates = new();
    private readonly Gateway _gateway;

    public CertificateTests() => _gateway = new Gateway(BalancingSettings.Default, [], _certificates);

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("a.test", "exact")]
    [InlineData("A.TEST", "exact")]
    [InlineData("a.test.", "exact")]
    [InlineData("x.w.test", "wild")]
    [InlineData("x.y.w.test", null)]
    [InlineData("w.test", null)]
    [InlineData(".w.test", null)]
    [InlineData("own.w.test", "own")]
    [InlineData("", null)]
    [InlineData(".", null)]
    [InlineData("test", null)]
    [InlineData("off.test", null)]
    public void Find_Name_IsExactThenOneLabel(string name, string? id)
    {
        _gateway.Put(
            ("ssls/exact", Ssl("a.test")), ("ssls/wild", Ssl("*.w.test")), ("ssls/own", Ssl("own.w.test")), ("ssls/off", Ssl("off.test", """{"status":0}""")),
            ("ssls/nodes", Ssl(null, """{"type":"client"}""")));
        Find(name).ShouldBe(id);
    }

    [Fact]
    public void Find_Star_IsForAllOthers()
    {
        _gateway.Put(("ssls/any", Ssl("*")), ("ssls/1", Ssl("a.test")));
        (Find("a.test"), Find("b.test"), Find("x.y.z"), Find("z"), Find("")).ShouldBe(("1", "any", "any", "any", null));
        Find(new string('a', 300)).ShouldBeNull();
    }

    [Fact]
    public void Find_ManyTimes_AllocatesNothing()
    {
        _gateway.Put(("ssls/1", Ssl("a.test")), ("ssls/2", Ssl("*.w.test")));
        CertificateTable table = _gateway.Snapshot.Certificates;
        int found = 0;
        Allocation.Of(() =>
        {
            found = 0;
            for (int i = 0; i < 1000; i++)
                found += Count(table);
        }).ShouldBe(0);
        found.ShouldBe(2000);

        static int Count(CertificateTable table) => (table.Find("A.test"u8) is null ? 0 : 1) + (table.Find("x.w.test"u8) is null ? 0 : 1) + (table.Find("none"u8) is null ? 0 : 1);
    }

    [Fact]
    public void Apply_BadVersion_KeepsTheOneBefore()
    {
        _gateway.Put("ssls/1", Ssl("a.test"));
        ServedCertificate served = _gateway.Snapshot.Certificates.Find("a.test"u8).ShouldNotBeNull();

        _certificates.Refusal = "the key is too weak.";
        _gateway.Put("ssls/1", Ssl("b.test"));
        _gateway.Snapshot.Certificates.Find("a.test"u8).ShouldBeSameAs(served);
        Find("b.test").ShouldBeNull();
        RejectedObject rejected = _gateway.Compiler.Rejected.ShouldHaveSingleItem();
        (rejected.Key, rejected.ServesLastGood, rejected.Errors[0].Message).ShouldBe(("ssls/1", true, "ssl \"1\" cannot be used: the key is too weak"));

        _gateway.Put("ssls/1", """{"cert":"none"}""");
        _gateway.Snapshot.Certificates.Find("a.test"u8).ShouldBeSameAs(served);
        _certificates.Refusal = null;
        _gateway.Put("ssls/1", Ssl("b.test"));
        (Find("a.test"), Find("b.test"), _gateway.Compiler.Rejected.Count).ShouldBe((null, "1", 0));
        _gateway.Put("ssls/1", null);
        Find("b.test").ShouldBeNull();
    }

    [Fact]
    public void Apply_EqualEdit_KeepsTheInstance()
    {
        _gateway.Put("ssls/1", Ssl("a.test"));
        CertificateTable table = _gateway.Snapshot.Certificates;
        _gateway.Put("ssls/1", Ssl("a.test", """{"desc":"other"}"""));
        _gateway.Put("upstreams/1", Gateway.NodesJson("10.0.0.1:80"));
        _gateway.Snapshot.Certificates.ShouldBeSameAs(table);
    }

    [Fact]
    public void Apply_ClientCertificateOfAnUpstream_IsResolvedWhenItComesChangesAndGoes()
    {
        _gateway.Put(("upstreams/u", """{"scheme":"https","nodes":{"10.0.0.1:443":1},"tls":{"client_cert_id":"c"}}"""), ("routes/r", """{"uri":"/*","upstream_id":"u"}"""));
        Profile().Tls!.LacksClientCert.ShouldBeTrue();
        _gateway.Put("ssls/c", Ssl("a.test"));
        Profile().Tls!.LacksClientCert.ShouldBeTrue("it is shown to clients");

        _gateway.Put("ssls/c", Ssl(null, """{"type":"client"}"""));
        ConnectionProfile first = Profile();
        (first.Tls!.LacksClientCert, first.Tls.ClientCert, first.Tls.ClientKey).ShouldBe((false, Pair.Cert, Pair.Key));
        _gateway.Put("ssls/c", Ssl(null, """{"type":"client","desc":"other"}"""));
        Profile().ShouldBeSameAs(first);

        (string cert, string key) = Authority.IssuePem("b.test");
        _gateway.Put("ssls/c", JsonSerializer.Serialize(new { type = "client", cert, key }));
        (Profile().Tls!.ClientCert, Profile().Tls!.ClientKey).ShouldBe((cert, key));
        _gateway.Put("ssls/c", null);
        Profile().Tls!.LacksClientCert.ShouldBeTrue();

        ConnectionProfile Profile() => _gateway.Upstream("/").Profile;
    }

    private string? Find(string name) => ((FakeCertificate?)_gateway.Snapshot.Certificates.Find(Encoding.Latin1.GetBytes(name)))?.Id;

    private static string Ssl(string? sni, string more = "{}")
    {
        System.Text.Json.Nodes.JsonObject json = System.Text.Json.Nodes.JsonNode.Parse(more)!.AsObject();
        (json["cert"], json["key"]) = (Pair.Cert, Pair.Key);
        if (sni is not null)
            json["sni"] = sni;
        return json.ToJsonString();
    }

    private sealed class FakeCompiler : ICertificateCompiler
    {
        public string? Refusal { get; set; }

        public ServedCertificate Compile(SslConfig config) => Refusal is null ? new FakeCertificate(config.Id) : throw new CryptographicException(Refusal);
    }

    private sealed class FakeCertificate(string id) : ServedCertificate
    {
        public string Id => id;

        public override bool AsksClients => false;
    }
}
