using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

/// <summary>Rate limit and header changes of an upstream: defaults, and the text of every error.</summary>
public sealed class RequestPoliciesConfigTests
{
    private const string Nodes = "'nodes':{'a:80':1}";

    [Fact]
    public void Parse_RateLimit_HasItsDefaults()
    {
        Parsed.Upstream($"{{{Nodes},'rate_limit':{{'rate':2.5}}}}").Valid.RateLimit.ShouldBe(new RateLimitConfig(2.5, 0, 503));
        Parsed.Upstream($"{{{Nodes},'rate_limit':{{'rate':1,'burst':7,'rejected_code':429}}}}").Valid.RateLimit.ShouldBe(new RateLimitConfig(1, 7, 429));
    }

    [Theory]
    [InlineData("{}", "property \"rate\" is required")]
    [InlineData("{'rate':0}", "property \"rate\" validation failed: expected 0 to be at least 0.001")]
    [InlineData("{'rate':1e9}", "property \"rate\" validation failed: expected 1000000000 to be at most 1000000")]
    [InlineData("{'rate':'5'}", "property \"rate\" validation failed: wrong type: expected number, got string")]
    [InlineData("{'rate':1,'burst':-1}", "property \"burst\" validation failed: expected -1 to be at least 0")]
    [InlineData("{'rate':1,'rejected_code':500}", "property \"rejected_code\" validation failed: matches none of the enum values (given 500; allowed: 429, 503)")]
    [InlineData("{'rate':1,'nodelay':true}", "additional properties forbidden, found nodelay")]
    public void Parse_WrongRateLimit_IsRefused(string limit, string text) =>
        Parsed.Upstream($"{{{Nodes},'rate_limit':{limit}}}").ShouldFailWith("invalid configuration: property \"rate_limit\" validation failed: " + text);

    [Fact]
    public void Parse_RequestHeaders_AreTypedAndOfNoneNothingIsLeft()
    {
        Parsed.Upstream($"{{{Nodes},'request_headers':{{'set':{{'X-A':'1','X-Empty':''}},'add':{{'Via':'headgate'}},'remove':['Cookie']}}}}").Valid.RequestHeaders
            .ShouldBe(new RequestHeadersConfig([new("X-A", "1"), new("X-Empty", "")], [new("Via", "headgate")], ["Cookie"]));
        Parsed.Upstream($"{{{Nodes},'request_headers':{{'set':{{}}}}}}").Valid.RequestHeaders.ShouldBeNull();
    }

    [Theory]
    [InlineData("'set':{'X A':'1'}", "request_headers.set[\"X A\"]: \"X A\" is no header name; allowed: 1 to 256 letters, digits and !#$%&'*+-.^_`|~")]
    [InlineData("'remove':['']", "request_headers.remove[0]: \"\" is no header name; allowed: 1 to 256 letters, digits and !#$%&'*+-.^_`|~")]
    [InlineData("'set':{'X-A':'1\\r\\nX-B: 2'}", "request_headers.set[\"X-A\"]: the value has a control character or white space around it, which a header field cannot have")]
    [InlineData("'add':{'X-A':' 1'}", "request_headers.add[\"X-A\"]: the value has a control character or white space around it, which a header field cannot have")]
    [InlineData("'set':{'X-A':'1'},'remove':['x_a']", "request_headers.remove[0]: x_a is named already, at request_headers.set[\"X-A\"]; name a field once")]
    [InlineData("'remove':[]", "invalid configuration: property \"request_headers\" validation failed: property \"remove\" validation failed: expect array to have at least 1 items")]
    [InlineData("'set':{'X-A':1}", "invalid configuration: property \"request_headers\" validation failed: property \"set\" validation failed: failed to validate X-A (matching \".*\"): wrong type: expected string, got number")]
    [InlineData("'delete':['a']", "invalid configuration: property \"request_headers\" validation failed: additional properties forbidden, found delete")]
    public void Parse_WrongRequestHeaders_AreRefused(string headers, string text) => Parsed.Upstream($"{{{Nodes},'request_headers':{{{headers}}}}}").ShouldFailWith(text);

    [Theory]
    [InlineData("Host")]
    [InlineData("content-length")]
    [InlineData("Content_Length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("Proxy-Authorization")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("Upgrade")]
    [InlineData("Expect")]
    [InlineData("X-Real-IP")]
    [InlineData("X_FORWARDED_FOR")]
    public void Parse_FieldsOfTheGateway_AreRefused(string name)
    {
        string problem = $": {name} is written by the gateway itself, from the request and the connection (Host: pass_host), and cannot be changed here";
        Parsed.Upstream($"{{{Nodes},'request_headers':{{'set':{{'{name}':'1'}}}}}}").ShouldFailWith($"request_headers.set[\"{name}\"]{problem}");
        Parsed.Upstream($"{{{Nodes},'request_headers':{{'remove':['{name}']}}}}").ShouldFailWith($"request_headers.remove[0]{problem}");
    }

    [Fact]
    public void Parse_TooManyFields_AreRefused() =>
        Parsed.Upstream($"{{{Nodes},'request_headers':{{'remove':[{string.Join(',', Enumerable.Range(0, 65).Select(i => $"'x{i}'"))}]}}}}")
            .ShouldFailWith("request_headers names 65 fields; 64 are allowed");

    [Fact]
    public void Parse_ValueWithADollar_IsWarnedAbout() =>
        Parsed.Upstream($"{{{Nodes},'request_headers':{{'set':{{'X-A':'$remote_addr'}}}}}}").Warnings
            .ShouldBe(["request_headers.set[\"X-A\"] is sent as it is written: variables are not replaced"]);
}
