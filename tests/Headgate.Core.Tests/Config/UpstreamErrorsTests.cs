using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

/// <summary>The exact text of every error of an upstream.</summary>
public sealed class UpstreamErrorsTests
{
    private const string SomeNodes = "'nodes':{'127.0.0.1:8080':1}";
    private const string Host = @"failed to match pattern ""^\\*$|^\\*?[0-9a-zA-Z-._\\[\\]:]+$"" with ";
    private const string Id = "; allowed: 1 to 64 of a-z A-Z 0-9 - _ ., or an integer from 1)";

    [Theory]
    [InlineData("'id':'a b'", "property \"id\" validation failed: object matches none of the required (given \"a b\"" + Id)]
    [InlineData("'id':0", "property \"id\" validation failed: object matches none of the required (given 0" + Id)]
    [InlineData("'name':''", "property \"name\" validation failed: string too short, expected at least 1, got 0")]
    [InlineData("'name':1", "property \"name\" validation failed: wrong type: expected string, got number")]
    [InlineData("'desc':null", "property \"desc\" validation failed: wrong type: expected string, got userdata (null)")]
    [InlineData("'labels':'x'", "property \"labels\" validation failed: wrong type: expected object, got string")]
    [InlineData("'labels':{'team':1}", "property \"labels\" validation failed: failed to validate team (matching \".*\"): wrong type: expected string, got number")]
    [InlineData("'labels':{'team':'a b'}", "property \"labels\" validation failed: failed to validate team (matching \".*\"): failed to match pattern \"^\\\\S+$\" with \"a b\"")]
    [InlineData("'labels':{'team':''}", "property \"labels\" validation failed: failed to validate team (matching \".*\"): string too short, expected at least 1, got 0")]
    [InlineData("'create_time':1.5", "property \"create_time\" validation failed: wrong type: expected integer, got number")]
    [InlineData("'update_time':'1'", "property \"update_time\" validation failed: wrong type: expected integer, got string")]
    [InlineData("'hash_on':'body'", "property \"hash_on\" validation failed: matches none of the enum values (given \"body\"; allowed: vars, header, cookie, consumer, vars_combinations)")]
    [InlineData("'scheme':'ftp'", "property \"scheme\" validation failed: matches none of the enum values (given \"ftp\"; allowed: grpc, grpcs, http, https, tcp, tls, udp, kafka)")]
    [InlineData("'pass_host':'keep'", "property \"pass_host\" validation failed: matches none of the enum values (given \"keep\"; allowed: pass, node, rewrite)")]
    [InlineData("'type':'chash','key':'uri','hash_balance_factor':99", "property \"hash_balance_factor\" validation failed: expected 99 to be at least 100")]
    [InlineData("'type':'chash','key':'uri','hash_balance_factor':'150'", "property \"hash_balance_factor\" validation failed: wrong type: expected integer, got string")]
    [InlineData("'retries':1.5", "property \"retries\" validation failed: wrong type: expected integer, got number")]
    [InlineData("'retries':1e20", "property \"retries\" validation failed: expected 1e+20 to be at most 2147483647")]
    [InlineData("'retries':1e400", "property \"retries\" validation failed: wrong type: expected integer, got number")]
    [InlineData("'retry_timeout':1e9", "property \"retry_timeout\" validation failed: expected 1000000000 to be at most 2147483")]
    [InlineData("'retry_timeout':'1'", "property \"retry_timeout\" validation failed: wrong type: expected number, got string")]
    [InlineData("'timeout':1", "property \"timeout\" validation failed: wrong type: expected object, got number")]
    [InlineData("'timeout':{'connect':0,'send':1,'read':1}", "property \"timeout\" validation failed: property \"connect\" validation failed: expected 0 to be greater than 0")]
    [InlineData("'timeout':{'connect':1,'send':-0.5,'read':1}", "property \"timeout\" validation failed: property \"send\" validation failed: expected -0.5 to be greater than 0")]
    [InlineData("'timeout':{'connect':1,'send':1}", "property \"timeout\" validation failed: property \"read\" is required")]
    [InlineData("'keepalive_pool':{'size':0}", "property \"keepalive_pool\" validation failed: property \"size\" validation failed: expected 0 to be at least 1")]
    [InlineData("'keepalive_pool':{'idle_timeout':-1}", "property \"keepalive_pool\" validation failed: property \"idle_timeout\" validation failed: expected -1 to be at least 0")]
    [InlineData("'keepalive_pool':{'requests':0}", "property \"keepalive_pool\" validation failed: property \"requests\" validation failed: expected 0 to be at least 1")]
    [InlineData("'upstream_host':'a b'", "property \"upstream_host\" validation failed: " + Host + "\"a b\"")]
    [InlineData("'upstream_host':'','pass_host':'rewrite'", "property \"upstream_host\" validation failed: " + Host + "\"\"")]
    [InlineData("'discovery_args':{'namespace_id':1}", "property \"discovery_args\" validation failed: property \"namespace_id\" validation failed: wrong type: expected string, got number")]
    [InlineData("'retires':1", "additional properties forbidden, found retires (did you mean retries?)")]
    [InlineData("'tls':{'client_cert_id':''}", "property \"tls\" validation failed: property \"client_cert_id\" validation failed: object matches none of the required (given \"\"" + Id)]
    [InlineData("'tls':{'client_cert':'short'}", "property \"tls\" validation failed: property \"client_cert\" validation failed: string too short, expected at least 128, got 5", "property \"tls\" validation failed: failed to validate dependent schema for \"client_cert\": property \"client_key\" is required")]
    [InlineData("'tls':{'client_key':'short'}", "property \"tls\" validation failed: property \"client_key\" validation failed: string too short, expected at least 64, got 5", "property \"tls\" validation failed: failed to validate dependent schema for \"client_key\": property \"client_cert\" is required")]
    [InlineData("'tls':{'verify':1}", "property \"tls\" validation failed: property \"verify\" validation failed: wrong type: expected boolean, got number")]
    [InlineData("'tls':{'ca_certs':[]}", "property \"tls\" validation failed: property \"ca_certs\" validation failed: expect array to have at least 1 items")]
    [InlineData("'checks':{}", "property \"checks\" validation failed: object matches none of the required: [\"active\"] or [\"active\",\"passive\"]")]
    [InlineData("'checks':{'active':{'type':'icmp'}}", "property \"checks\" validation failed: property \"active\" validation failed: property \"type\" validation failed: matches none of the enum values (given \"icmp\"; allowed: http, https, tcp, grpc)")]
    [InlineData("'checks':{'active':{},'passive':{'type':'grpc'}}", "property \"checks\" validation failed: property \"passive\" validation failed: property \"type\" validation failed: matches none of the enum values (given \"grpc\"; allowed: http, https, tcp)")]
    [InlineData("'checks':{'active':{'healthy':{'http_statuses':[200,99]}}}", "property \"checks\" validation failed: property \"active\" validation failed: property \"healthy\" validation failed: property \"http_statuses\" validation failed: failed to validate item 2: expected 99 to be at least 200")]
    [InlineData("'checks':{'active':{'healthy':{'http_statuses':[200,302,200]}}}", "property \"checks\" validation failed: property \"active\" validation failed: property \"healthy\" validation failed: property \"http_statuses\" validation failed: expected unique items but items 1 and 3 are equal")]
    [InlineData("'checks':{'active':{'unhealthy':{'timeouts':0}}}", "property \"checks\" validation failed: property \"active\" validation failed: property \"unhealthy\" validation failed: property \"timeouts\" validation failed: expected 0 to be at least 1")]
    [InlineData("'checks':{'active':{'timeout':0}}", "property \"checks\" validation failed: property \"active\" validation failed: property \"timeout\" validation failed: expected 0 to be greater than 0")]
    [InlineData("'checks':{'active':{'concurrency':0}}", "property \"checks\" validation failed: property \"active\" validation failed: property \"concurrency\" validation failed: expected 0 to be at least 1")]
    [InlineData("'checks':{'active':{'req_headers':[1]}}", "property \"checks\" validation failed: property \"active\" validation failed: property \"req_headers\" validation failed: failed to validate item 1: wrong type: expected string, got number")]
    public void Parse_SchemaProblem_HasApisixsText(string field, params string[] texts) =>
        Parsed.Upstream($"{{{SomeNodes},{field}}}").ShouldFailWith([.. texts.Select(text => "invalid configuration: " + text)]);

    [Theory]
    [InlineData("1", "nodes: wrong type: expected object or array, got number")]
    [InlineData("{'a:80':'1'}", "nodes[\"a:80\"]: wrong type: expected integer, got string")]
    [InlineData("{'a:80':-1}", "nodes[\"a:80\"]: expected -1 to be at least 0")]
    [InlineData("[1]", "nodes[0]: wrong type: expected object, got number")]
    [InlineData("[{'port':80,'weight':1}]", "nodes[0]: property \"host\" is required")]
    [InlineData("[{'host':'a','port':80}]", "nodes[0]: property \"weight\" is required")]
    [InlineData("[{'host':'a','port':0,'weight':1}]", "nodes[0].port: expected 0 to be at least 1")]
    [InlineData("[{'host':'a','port':65536,'weight':1}]", "nodes[0].port: expected 65536 to be at most 65535")]
    [InlineData("[{'host':'a','port':80,'weight':1e10}]", "nodes[0].weight: expected 10000000000 to be at most 2147483647")]
    [InlineData("[{'host':'a','port':80,'weight':1,'priority':'x'}]", "nodes[0].priority: wrong type: expected integer, got string")]
    [InlineData("[{'host':'a','port':80,'weight':1,'metadata':1}]", "nodes[0].metadata: wrong type: expected object, got number")]
    [InlineData("[{'host':'a b','port':80,'weight':1}]", "nodes[0].host: " + Host + "\"a b\"")]
    public void Parse_WrongNode_SaysWhereAfterApisixsText(string nodes, string detail) =>
        Parsed.Upstream($"{{'nodes':{nodes}}}")
            .ShouldFailWith($"invalid configuration: property \"nodes\" validation failed: object matches none of the required ({detail})");

    [Theory]
    [InlineData("{'a:0':1}", "invalid port 0 (nodes[\"a:0\"]; allowed: 1 to 65535)")]
    [InlineData("{'a:x':1}", "invalid port x (nodes[\"a:x\"]; allowed: 1 to 65535)")]
    [InlineData("{'a:':1}", "invalid port  (nodes[\"a:\"]; allowed: 1 to 65535)")]
    [InlineData("{'::1':1}", "invalid configuration: IPv6 address must be enclosed with '[' and ']' (nodes[\"::1\"]: write [::1])")]
    [InlineData("[{'host':'2001:db8::1','port':1,'weight':1}]", "invalid configuration: IPv6 address must be enclosed with '[' and ']' (nodes[0]: write [2001:db8::1])")]
    [InlineData("[{'host':'*.a','port':1,'weight':1}]", "nodes[0]: \"*.a\" is no host; allowed: a name, an IPv4 address, an IPv6 address in brackets")]
    [InlineData("{'http://a:80':1}", "nodes[\"http://a:80\"]: \"http://a:80\" is no host; allowed: a name, an IPv4 address, an IPv6 address in brackets")]
    [InlineData("{'':1}", "nodes[\"\"]: \"\" is no host; allowed: a name, an IPv4 address, an IPv6 address in brackets")]
    [InlineData("{'[::1:80':1}", "nodes[\"[::1:80\"]: \"[::1:80\" is no host; allowed: a name, an IPv4 address, an IPv6 address in brackets")]
    [InlineData("[{'host':'a','weight':1},{'host':'b','port':1,'weight':1},{'host':'A','port':80,'weight':2}]", "nodes[2] is the same node as nodes[0], a:80; write it once, with the sum of the weights")]
    [InlineData("{'a':1,'a:80':1}", "nodes[\"a:80\"] is the same node as nodes[\"a\"], a:80; write it once, with the sum of the weights")]
    public void Parse_UnusableNode_IsRefused(string nodes, string text) => Parsed.Upstream($"{{'nodes':{nodes}}}").ShouldFailWith(text);

    [Theory]
    [InlineData("'type':'chash'", "missing key (type chash with hash_on vars needs one)")]
    [InlineData("'type':'maglev','hash_on':'cookie'", "missing key (type maglev with hash_on cookie needs one)")]
    [InlineData("'hash_balance_factor':150", "hash_balance_factor has no effect while type is roundrobin; it acts with chash and maglev")]
    [InlineData("'type':'least_conn','hash_balance_factor':150", "hash_balance_factor has no effect while type is least_conn; it acts with chash and maglev")]
    [InlineData("'type':'chash','key':'nonsense'", "invalid configuration: failed to match pattern \"^((uri|server_name|server_addr|request_uri|remote_port|remote_addr|query_string|host|hostname|mqtt_client_id)|arg_[0-9a-zA-z_-]+)$\" with \"nonsense\" (key with hash_on vars)")]
    [InlineData("'type':'chash','hash_on':'header','key':'X User'", "invalid configuration: failed to match pattern \"^[a-zA-Z0-9-_]+$\" with \"X User\" (key with hash_on header)")]
    [InlineData("'pass_host':'rewrite'", "`upstream_host` can't be empty when `pass_host` is `rewrite`")]
    public void Parse_FieldsThatDoNotFit_AreRefused(string fields, string text) => Parsed.Upstream($"{{{SomeNodes},{fields}}}").ShouldFailWith(text);

    [Theory]
    [InlineData("1", "number")]
    [InlineData("'x'", "string")]
    [InlineData("[1]", "table")]
    [InlineData("null", "userdata (null)")]
    public void Parse_NoObject_IsRefused(string json, string type) =>
        Parsed.Upstream(json).ShouldFailWith($"invalid configuration: wrong type: expected object, got {type}");

    [Fact]
    public void Parse_UnknownType_IsRefusedWithTheSet() =>
        Parsed.Upstream($"{{{SomeNodes},'type':'fastest'}}").ShouldFailWith(
            "invalid configuration: property \"type\" validation failed: matches none of the enum values (given \"fastest\"; allowed: "
            + string.Join(", ", LoadBalancingTypes.All) + ")");

    [Fact]
    public void Parse_ManyProblems_ReportsAllSchemaFirst() =>
        Parsed.Upstream("{'nodes':{'a:99999':1},'retries':-1,'type':'chash','pass_host':'rewrite','colour':1}").ShouldFailWith(
            "invalid configuration: property \"retries\" validation failed: expected -1 to be at least 0",
            "invalid configuration: additional properties forbidden, found colour",
            "invalid port 99999 (nodes[\"a:99999\"]; allowed: 1 to 65535)",
            "`upstream_host` can't be empty when `pass_host` is `rewrite`",
            "missing key (type chash with hash_on vars needs one)");

    [Fact]
    public void Parse_NeitherNodesNorDiscovery_SaysWhatToGive() =>
        Parsed.Upstream("{'discovery_type':'dns'}").ShouldFailWith(
            "invalid configuration: value should match only one schema, but matches none (give nodes, or service_name and discovery_type)");

    [Fact]
    public void Parse_LoneSurrogate_IsRefusedWithItsPath() =>
        Parsed.Upstream(@"{'name':'\ud800','nodes':{}}").ShouldFailWith(
            "invalid configuration: name holds half of a surrogate pair, which is not Unicode text");
}
