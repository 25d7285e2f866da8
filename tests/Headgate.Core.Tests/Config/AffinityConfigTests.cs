using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

/// <summary>Sticky sessions, subsets, zones, hash fallback: defaults, and the text of every error.</summary>
public sealed class AffinityConfigTests
{
    private const string Nodes = "'nodes':[{'host':'a','weight':1,'metadata':{'zone':'e','version':'v1'}},{'host':'b','weight':1,'metadata':{'version':'v2'}}]";

    [Fact]
    public void Parse_Sticky_HasItsDefaults()
    {
        UpstreamConfig upstream = Parsed.Upstream($"{{{Nodes},'sticky':{{'cookie':{{}}}}}}").Valid;

        upstream.Sticky.ShouldBe(new StickyConfig(new StickyCookieConfig { Name = null, Path = "/", Domain = null, HttpOnly = true, Secure = false, SameSite = null, MaxAge = null }, false));
    }

    [Fact]
    public void Parse_StickyWithEverything_IsTyped() =>
        Parsed.Upstream($"{{{Nodes},'sticky':{{'cookie':{{'name':'__Host-n','path':'/','http_only':false,'secure':true,'same_site':'none','max_age':60}},'keep_while_draining':true}}}}")
            .Valid.Sticky.ShouldBe(new StickyConfig(
                new StickyCookieConfig { Name = "__Host-n", HttpOnly = false, Secure = true, SameSite = "none", MaxAge = TimeSpan.FromSeconds(60) }, true));

    [Theory]
    [InlineData("{}", "invalid configuration: property \"sticky\" validation failed: property \"cookie\" is required")]
    [InlineData("{'cookie':{},'cookies':1}", "invalid configuration: property \"sticky\" validation failed: additional properties forbidden, found cookies (did you mean cookie?)")]
    [InlineData("{'cookie':{'max_age':0}}", "invalid configuration: property \"sticky\" validation failed: property \"cookie\" validation failed: property \"max_age\" validation failed: expected 0 to be at least 1")]
    [InlineData("{'cookie':{'name':'a b'}}", "sticky.cookie.name: \"a b\" is no cookie name; allowed: letters, digits and !#$%&'*+-.^_`|~")]
    [InlineData("{'cookie':{'path':'shop'}}", "sticky.cookie.path: \"shop\" is no path of a cookie; it begins with / and has no semicolon, control or non-ASCII character")]
    [InlineData("{'cookie':{'path':'/;x'}}", "sticky.cookie.path: \"/;x\" is no path of a cookie; it begins with / and has no semicolon, control or non-ASCII character")]
    [InlineData("{'cookie':{'domain':'a;b'}}", "sticky.cookie.domain: \"a;b\" is no domain; allowed: a host name, such as shop.example")]
    [InlineData("{'cookie':{'same_site':'none'}}", "sticky.cookie.same_site: none needs secure: true; browsers drop the cookie otherwise")]
    [InlineData("{'cookie':{'name':'__Secure-n'}}", "sticky.cookie.name: \"__Secure-n\" needs secure: true; browsers drop the cookie otherwise")]
    [InlineData("{'cookie':{'name':'__Host-n','secure':true,'path':'/a'}}", "sticky.cookie.name: \"__Host-n\" needs path / and no domain; browsers drop the cookie otherwise")]
    public void Parse_WrongSticky_IsRefused(string sticky, string text) =>
        Parsed.Upstream($"{{{Nodes},'sticky':{sticky}}}").Errors.ShouldBe([text]);

    [Fact]
    public void Parse_Subset_IsTypedInTheOrderOfItsKeys()
    {
        SubsetConfig subset = Parsed.Upstream(
            $"{{{Nodes},'subset':{{'keys':{{'version':'http_x_version'}},'fallback_policy':'default','default_subset':{{'version':'v1'}}}}}}").Valid.Subset!;

        subset.ShouldBe(new SubsetConfig([new("version", "http_x_version")], SubsetFallback.Default, [new("version", "v1")]));
        Parsed.Upstream($"{{{Nodes},'subset':{{'keys':{{'version':'arg_v'}}}}}}").Valid.Subset!.Fallback.ShouldBe(SubsetFallback.Any);
    }

    [Theory]
    [InlineData("{}", "invalid configuration: property \"subset\" validation failed: property \"keys\" is required")]
    [InlineData("{'keys':{}}", "subset.keys names 0 keys; allowed: 1 to 8")]
    [InlineData("{'keys':{'version':'x_version'}}", "subset.keys[\"version\"]: \"x_version\" is no variable of a request here; use such as http_x_version, arg_version, cookie_version, host")]
    [InlineData("{'keys':{'stage':'arg_stage'}}", "subset.keys has no effect: no node has all of stage in its metadata")]
    [InlineData("{'keys':{'version':'arg_v'},'default_subset':{'version':'v1'}}", "subset.default_subset has no effect while subset.fallback_policy is not default")]
    [InlineData("{'keys':{'version':'arg_v'},'fallback_policy':'default'}", "subset.default_subset needs a value for each of version, and for nothing else")]
    [InlineData("{'keys':{'version':'arg_v'},'fallback_policy':'default','default_subset':{'version':'v9'}}", "subset.keys has a default_subset that no node is in")]
    [InlineData("{'keys':{'version':'arg_v'},'fallback_policy':'all'}", "invalid configuration: property \"subset\" validation failed: property \"fallback_policy\" validation failed: matches none of the enum values (given \"all\"; allowed: any, none, default)")]
    public void Parse_WrongSubset_IsRefused(string subset, string text) => Parsed.Upstream($"{{{Nodes},'subset':{subset}}}").Errors.ShouldContain(text);

    [Fact]
    public void Parse_MoreSubsetsThanAllowed_IsRefused()
    {
        string nodes = string.Join(',', Enumerable.Range(0, 129).Select(i => $"{{'host':'n{i}','weight':1,'metadata':{{'id':{i}}}}}"));

        Parsed.Upstream($"{{'nodes':[{nodes}],'subset':{{'keys':{{'id':'arg_id'}}}}}}").ShouldFailWith("subset.keys makes 129 subsets of the nodes; at most 128 are allowed");
    }

    [Fact]
    public void Parse_MetadataValueTooLongToBeAskedFor_IsRefused() =>
        Parsed.Upstream($"{{'nodes':[{{'host':'a','weight':1,'metadata':{{'v':'{new string('x', 256)}'}}}}],'subset':{{'keys':{{'v':'arg_v'}}}}}}")
            .ShouldFailWith("subset.keys is asked of a value above 255 bytes in a node's metadata");

    [Fact]
    public void Parse_Metadata_KeepsTextsNumbersAndBooleansInOrder() =>
        Parsed.Upstream("{'nodes':[{'host':'a','weight':1,'metadata':{'z':'x','n':1.50,'b':true,'l':[1],'o':{},'u':null}}]}").Valid.Nodes[0].Metadata
            .ShouldBe([new MetadataEntry("b", "true"), new MetadataEntry("n", "1.50"), new MetadataEntry("z", "x")]);

    [Fact]
    public void Parse_ZoneAware_HasItsDefaults()
    {
        Parsed.Upstream($"{{{Nodes},'zone_aware':{{}}}}").Valid.ZoneAware.ShouldBe(new ZoneAwareConfig(70, 1));
        Parsed.Upstream("{'nodes':{'a:80':1},'zone_aware':{}}").ShouldFailWith("zone_aware has no effect: no node has metadata.zone");
        Parsed.Upstream($"{{{Nodes},'zone_aware':{{'min_percent':101}}}}").ShouldFailWith(
            "invalid configuration: property \"zone_aware\" validation failed: property \"min_percent\" validation failed: expected 101 to be at most 100");
    }

    [Fact]
    public void Parse_HashFallback_IsTyped()
    {
        UpstreamConfig upstream = Parsed.Upstream($"{{{Nodes},'type':'chash','hash_on':'header','key':'x-user','hash_fallback':'cookie','hash_fallback_key':'sid'}}").Valid;

        (upstream.HashFallback, upstream.HashFallbackKey).ShouldBe(("cookie", "sid"));
    }

    [Theory]
    [InlineData("'hash_fallback':'cookie','hash_fallback_key':'a'", "hash_fallback has no effect while type is roundrobin; it acts with chash and maglev")]
    [InlineData("'type':'chash','key':'uri','hash_fallback':'cookie'", "hash_fallback_key is missing (hash_fallback cookie needs one)")]
    [InlineData("'type':'chash','key':'uri','hash_fallback_key':'a'", "hash_fallback_key has no effect without hash_fallback")]
    [InlineData("'type':'chash','key':'uri','hash_fallback':'vars','hash_fallback_key':'uri'", "hash_fallback has no effect: it is what is hashed already")]
    [InlineData("'type':'chash','key':'uri','hash_fallback':'header','hash_fallback_key':'a b'", "invalid configuration: failed to match pattern \"^[a-zA-Z0-9-_]+$\" with \"a b\" (hash_fallback_key with hash_fallback header)")]
    [InlineData("'type':'chash','key':'uri','hash_fallback':'consumer','hash_fallback_key':'a'", "invalid configuration: property \"hash_fallback\" validation failed: matches none of the enum values (given \"consumer\"; allowed: vars, header, cookie, vars_combinations)")]
    public void Parse_WrongHashFallback_IsRefused(string fields, string text) => Parsed.Upstream($"{{{Nodes},{fields}}}").Errors.ShouldContain(text);
}
