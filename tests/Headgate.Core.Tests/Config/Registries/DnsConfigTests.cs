using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Reading;
using Headgate.Core.Config.Reading.Registries;
using Headgate.Core.Config.Registries;

namespace Headgate.Core.Tests.Config.Registries;

public sealed class DnsConfigTests
{
    [Theory]
    [InlineData("""{"servers":["127.0.0.1:8600"]}""", "DnsConfig { 127.0.0.1:8600, Last Srv A Aaaa Cname }")]
    [InlineData("""{"servers":["1.1.1.1","::1","[::1]","[::1]:8600"]}""", "DnsConfig { 1.1.1.1:53, [::1]:53, [::1]:53, [::1]:8600, Last Srv A Aaaa Cname }")]
    [InlineData("""{"resolv_conf":"/etc/resolv.conf"}""", "DnsConfig { /etc/resolv.conf, Last Srv A Aaaa Cname }")]
    [InlineData("""{"resolv_conf":"/etc/resolv.conf","order":["AAAA","last","A"]}""", "DnsConfig { /etc/resolv.conf, Aaaa Last A }")]
    public void Read_Good_IsTyped(string json, string expected)
    {
        (DnsConfig? config, string errors) = Read(json);

        errors.ShouldBe("");
        config!.ToString().ShouldBe(expected);
        Read(json).Config.ShouldBe(config);
    }

    [Theory]
    [InlineData("{}", "value should match only one schema, but matches none (give either servers or resolv_conf)")]
    [InlineData("""{"servers":["1.1.1.1"],"resolv_conf":"/x"}""", "value should match only one schema, but matches both schemas 1 and 2 (give either servers or resolv_conf)")]
    [InlineData("""{"servers":[]}""", """property "servers" validation failed: expect array to have at least 1 items""")]
    [InlineData("""{"servers":["dns.test"]}""", """property "servers" validation failed: failed to validate item 1: "dns.test" is no name server; use an address such as 1.1.1.1 or 127.0.0.1:8600""")]
    [InlineData("""{"servers":["1.1.1"]}""", """property "servers" validation failed: failed to validate item 1: "1.1.1" is no name server; use an address such as 1.1.1.1 or 127.0.0.1:8600""")]
    [InlineData("""{"servers":["1.1.1.1:0"]}""", """property "servers" validation failed: failed to validate item 1: "1.1.1.1:0" is no name server; use an address such as 1.1.1.1 or 127.0.0.1:8600""")]
    [InlineData("""{"servers":["1.1.1.1"],"order":["SRV","SRV"]}""", """property "order" validation failed: expected unique items but items 1 and 2 are equal""")]
    [InlineData("""{"servers":["1.1.1.1"],"order":["last"]}""", """property "order" validation failed: last alone finds nothing; give a type beside it (SRV, A, AAAA, CNAME)""")]
    public void Read_Bad_IsRefused(string json, string expected)
    {
        (DnsConfig? config, string errors) = Read(json);

        config.ShouldBeNull();
        errors.ShouldBe("invalid configuration: " + expected);
    }

    [Theory]
    [InlineData("""{"servers":["1.1.1.1"],"order":["MX"]}""", "order")]
    [InlineData("""{"servers":["1.1.1.1"],"orders":["A"]}""", "orders")]
    [InlineData("""{"servers":"1.1.1.1"}""", "servers")]
    [InlineData("""{"resolv_conf":""}""", "resolv_conf")]
    public void Read_WrongMember_IsNamed(string json, string member)
    {
        (DnsConfig? config, string errors) = Read(json);

        config.ShouldBeNull();
        errors.ShouldContain(member);
    }

    private static (DnsConfig? Config, string Errors) Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var findings = new Findings();
        DnsConfig? config = DnsConfigReader.Read(document.RootElement, Location.Root, findings);
        var errors = new ConfigErrors();
        findings.PourInto(errors);
        return (config, string.Join("; ", errors.Errors.Select(error => error.Message)));
    }
}
