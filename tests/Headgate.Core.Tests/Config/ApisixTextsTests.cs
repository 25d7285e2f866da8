namespace Headgate.Core.Tests.Config;

/// <summary>The texts seen on a running APISIX, on which clients match: each must stand literally at the beginning of the first error.</summary>
public sealed class ApisixTextsTests
{
    private const string SomeNodes = "'nodes':{'127.0.0.1:80':1}";

    [Theory]
    [InlineData("{}", "invalid configuration: value should match only one schema, but matches none")]
    [InlineData("{'service_name':'a'}", "invalid configuration: value should match only one schema, but matches none")]
    [InlineData("{" + SomeNodes + ",'type':'chash'}", "missing key")]
    [InlineData("{" + SomeNodes + ",'type':'chash','hash_on':'header'}", "missing key")]
    [InlineData("{" + SomeNodes + ",'type':'chash','hash_on':'cookie'}", "missing key")]
    [InlineData("{" + SomeNodes + ",'type':'chash','hash_on':'vars_combinations'}", "missing key")]
    [InlineData("{'nodes':{'127.0.0.1:99999':1}}", "invalid port 99999")]
    [InlineData("{'nodes':{'127.0.0.1:80':-1}}", "invalid configuration: property \"nodes\" validation failed: object matches none of the required")]
    [InlineData("{'nodes':[{'host':'127.0.0.1','port':80,'weight':-1}]}", "invalid configuration: property \"nodes\" validation failed: object matches none of the required")]
    [InlineData("{" + SomeNodes + ",'pass_host':'rewrite'}", "`upstream_host` can't be empty when `pass_host` is `rewrite`")]
    [InlineData("{" + SomeNodes + ",'retry_timeout':-1}", "invalid configuration: property \"retry_timeout\" validation failed: expected -1 to be at least 0")]
    [InlineData("{" + SomeNodes + ",'retries':-1}", "invalid configuration: property \"retries\" validation failed: expected -1 to be at least 0")]
    [InlineData("{" + SomeNodes + ",'retries':'1'}", "invalid configuration: property \"retries\" validation failed: wrong type: expected integer, got string")]
    [InlineData("{" + SomeNodes + ",'colour':'red'}", "invalid configuration: additional properties forbidden, found colour")]
    [InlineData("{" + SomeNodes + ",'checks':{'passive':{}}}", "invalid configuration: property \"checks\" validation failed: object matches none of the required: [\"active\"] or [\"active\",\"passive\"]")]
    [InlineData("{'nodes':[{'host':'::1','port':80,'weight':1}]}", "invalid configuration: IPv6 address must be enclosed with '[' and ']'")]
    public void Upstream_RefusedByApisix_BeginsWithItsText(string json, string text) => Parsed.Upstream(json).Errors[0].ShouldStartWith(text);

    [Theory]
    [InlineData("{'uri':'/a'}", "invalid configuration: object matches none of the required: [\"plugins\",\"uri\"] or [\"upstream\",\"uri\"] or ")]
    [InlineData("{'upstream_id':'1'}", "invalid configuration: allOf 1 failed: value should match only one schema, but matches none")]
    [InlineData("{}", "invalid configuration: allOf 1 failed: value should match only one schema, but matches none")]
    [InlineData("{'uri':'/a','uris':['/b'],'upstream_id':'1'}", "invalid configuration: allOf 1 failed: value should match only one schema, but matches both schemas 1 and 2")]
    [InlineData("{'uri':'/a','upstream_id':'1','host':'a.test','hosts':['b.test']}", "only one of host or hosts is allowed")]
    [InlineData("{'uri':'/a','upstream_id':'1','remote_addr':'1.2.3.4','remote_addrs':['1.2.3.5']}", "only one of remote_addr or remote_addrs is allowed")]
    [InlineData("{'uri':'/a','upstream_id':'1','plugins':{'key-auth':{}}}", "unknown plugin [key-auth]")]
    [InlineData("{'uri':'/a','upstream_id':'1','vars':[['arg_a','==']],'colour':1}", "invalid configuration: additional properties forbidden, found colour")]
    [InlineData("{'uri':'/a','upstream_id':'1','vars':['arg_a','==','1']}", "failed to validate the 'vars' expression: rule should be wrapped inside brackets")]
    [InlineData("{'uri':'/a','upstream':{'type':'roundrobin'}}", "invalid configuration: property \"upstream\" validation failed: value should match only one schema, but matches none")]
    [InlineData("{'uri':'/a','upstream':{" + SomeNodes + ",'type':'chash'}}", "missing key")]
    public void Route_RefusedByApisix_BeginsWithItsText(string json, string text) => Parsed.Route(json).Errors[0].ShouldStartWith(text);
}
