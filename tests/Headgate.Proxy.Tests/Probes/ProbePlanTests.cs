using System.Text;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Probes;

namespace Headgate.Proxy.Tests.Probes;

/// <summary>What an upstream's configuration makes of its probes.</summary>
public sealed class ProbePlanTests
{
    [Theory]
    [InlineData("", "GET / HTTP/1.1|Host: a.test|Connection: close||")]
    [InlineData("'pass_host':'rewrite','upstream_host':'b.test',", "GET / HTTP/1.1|Host: b.test|Connection: close||")]
    [InlineData("'upstream_host':'b.test',", "GET / HTTP/1.1|Host: a.test|Connection: close||")]
    [InlineData("'pass_host':'rewrite','upstream_host':'b.test',", "GET / HTTP/1.1|Host: c.test|Connection: close||", "'host':'c.test'")]
    [InlineData("", "GET / HTTP/1.1|host: d.test|Connection: close||", "'req_headers':['host: d.test']")]
    [InlineData("", "GET / HTTP/1.1|CONNECTION: keep-alive|Host: a.test||", "'req_headers':['CONNECTION: keep-alive']")]
    [InlineData("", "GET / HTTP/1.1|Host: a.test||", "'reuse_connection':true")]
    [InlineData("", "HEAD /x HTTP/1.1|Host: a.test|Connection: close||", "'http_method':'HEAD','http_path':'/x'")]
    [InlineData("", "GET / HTTP/1.1|Host: a.test|Connection: close|Content-Length: 2||é", "'http_req_body':'é'")]
    [InlineData("", "", "'type':'tcp'")]
    public void RequestFor_Http_HostAndConnectionByTheRules(string upstream, string expected, string active = "")
    {
        ProbePlan plan = PlanOf(upstream, active);

        Encoding.UTF8.GetString(plan.RequestFor(new NodeState(new NodeKey("upstreams/u", "a.test", 80)))).ShouldBe(expected.Replace("|", "\r\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http", "'type':'http'", false)]
    [InlineData("https", "'type':'http'", false)]
    [InlineData("http", "'type':'https'", true)]
    [InlineData("http", "'type':'grpc'", false)]
    [InlineData("grpc", "'type':'grpc'", false)]
    [InlineData("grpcs", "'type':'grpc'", true)]
    [InlineData("https", "'type':'grpc'", true)]
    [InlineData("https", "'type':'tcp'", false)]
    public void Tls_ByTypeAndScheme(string scheme, string active, bool isSecure)
    {
        (PlanOf($"'scheme':'{scheme}',", active).Tls is not null).ShouldBe(isSecure);
        if (isSecure)
        {
            // The check's own word, not the upstream's tls.verify.
            PlanOf($"'scheme':'{scheme}',", active).Tls!.Verify.ShouldBeTrue();
            PlanOf($"'scheme':'{scheme}','tls':{{'verify':true}},", active + ",'https_verify_certificate':false").Tls!.Verify.ShouldBeFalse();
        }
    }

    [Fact]
    public void For_NoChecks_IsNull() => ProbePlan.For(ConfigOf("{'nodes':{'a.test:80':1}}")).ShouldBeNull();

    [Fact]
    public void Equality_SameChecks_AreOnePlan()
    {
        PlanOf("", "'http_path':'/x','req_headers':['A: b']").ShouldBe(PlanOf("'type':'random',", "'http_path':'/x','req_headers':['A: b']"));
        PlanOf("", "'http_path':'/x'").ShouldNotBe(PlanOf("", "'http_path':'/y'"));
    }

    private static ProbePlan PlanOf(string upstream, string active) =>
        ProbePlan.For(ConfigOf($"{{'nodes':{{'a.test:80':1}},{upstream}'checks':{{'active':{{{active}}}}}}}")).ShouldNotBeNull();

    private static UpstreamConfig ConfigOf(string json)
    {
        using var document = JsonDocument.Parse(json.Replace('\'', '"'));
        var errors = new ConfigErrors();
        UpstreamConfig? config = ConfigParser.ParseUpstream("u", document.RootElement, errors);
        errors.Errors.ShouldBeEmpty();
        return config.ShouldNotBeNull();
    }
}
