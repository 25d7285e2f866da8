using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

/// <summary>What <c>checks</c> comes to. The defaults are APISIX's (docs/reference/upstream.md).</summary>
public class HealthChecksConfigTests
{
    [Fact]
    public void Parse_NoChecks_IsNull() => Read("").ShouldBeNull();

    [Fact]
    public void Parse_Empty_HasTheDefaults()
    {
        HealthChecksConfig checks = Read(",'checks':{'active':{},'passive':{}}").ShouldNotBeNull();

        checks.ShouldBe(new HealthChecksConfig(new ActiveCheckConfig(), new PassiveCheckConfig()));
        ActiveCheckConfig active = checks.Active;
        (active.Type, active.Timeout, active.Concurrency, active.Host, active.Port).ShouldBe((HealthCheckType.Http, TimeSpan.FromSeconds(1), 10, null, null));
        (active.Method, active.Path, active.Body, active.Headers.Count, active.VerifyCertificate).ShouldBe(("GET", "/", "", 0, true));
        (active.GrpcServiceName, active.ReusesConnection, active.IsMandatory).ShouldBe(("", false, false));
        (active.HealthyInterval, active.UnhealthyInterval).ShouldBe((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
        active.HealthyStatuses.ShouldBe([200, 302]);
        active.UnhealthyStatuses.ShouldBe([404, 429, 500, 501, 502, 503, 504, 505]);
        active.Thresholds.ShouldBe(new HealthThresholds(2, 5, 2, 3));
        PassiveCheckConfig passive = checks.Passive.ShouldNotBeNull();
        passive.Type.ShouldBe(HealthCheckType.Http);
        passive.HealthyStatuses.ShouldBe([200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 306, 307, 308]);
        passive.UnhealthyStatuses.ShouldBe([429, 500, 503]);
        passive.Thresholds.ShouldBe(new HealthThresholds(5, 5, 2, 7));
    }

    [Fact]
    public void Parse_Everything_IsTaken()
    {
        HealthChecksConfig checks = Read(
            """
            ,"checks":{"active":{"type":"https","timeout":0.5,"concurrency":3,"host":"probe.test","port":8443,"http_method":"POST","http_path":"/up?x=1",
              "http_req_body":"hi","https_verify_certificate":false,"req_headers":["A: b"],
              "healthy":{"interval":7,"http_statuses":[204],"successes":9},
              "unhealthy":{"interval":8,"http_statuses":[418],"http_failures":1,"tcp_failures":4,"timeouts":6}},
             "passive":{"type":"tcp","healthy":{"http_statuses":[201],"successes":0},"unhealthy":{"http_statuses":[502],"http_failures":0,"tcp_failures":3,"timeouts":1}}}
            """).ShouldNotBeNull();

        checks.Active.ShouldBe(new ActiveCheckConfig
        {
            Type = HealthCheckType.Https,
            Timeout = TimeSpan.FromMilliseconds(500),
            Concurrency = 3,
            Host = "probe.test",
            Port = 8443,
            Method = "POST",
            Path = "/up?x=1",
            Body = "hi",
            VerifyCertificate = false,
            Headers = ["A: b"],
            HealthyInterval = TimeSpan.FromSeconds(7),
            HealthyStatuses = new StatusSet(204),
            UnhealthyInterval = TimeSpan.FromSeconds(8),
            UnhealthyStatuses = new StatusSet(418),
            Thresholds = new HealthThresholds(9, 1, 4, 6),
        });
        checks.Passive.ShouldBe(new PassiveCheckConfig
        {
            Type = HealthCheckType.Tcp,
            HealthyStatuses = new StatusSet(201),
            UnhealthyStatuses = new StatusSet(502),
            Thresholds = new HealthThresholds(0, 0, 3, 1),
        });
    }

    [Theory]
    [InlineData("'http_path':'/a b'", "checks.active.http_path holds a space or the end of a line; encode it (%20)")]
    [InlineData("'http_path':'/a\\r\\nX: y'", "checks.active.http_path holds a space or the end of a line; encode it (%20)")]
    [InlineData("'req_headers':['A: b\\r\\nC: d']", "checks.active.req_headers holds the end of a line inside an item; write one item a line, \"Name: value\"")]
    public void Parse_WhatWouldBreakTheProbe_IsRefused(string field, string text) =>
        Parsed.Upstream($"{{'nodes':{{'a:1':1}},'checks':{{'active':{{{field}}}}}}}").ShouldFailWith(text);

    [Fact]
    public void Parse_WhatIsBeyondApisix_IsTaken()
    {
        ActiveCheckConfig active = Read(",'scheme':'grpcs','checks':{'active':{'type':'grpc','grpc_service_name':'shop.Cart','reuse_connection':true,'mandatory':true}}").ShouldNotBeNull().Active;

        active.ShouldBe(new ActiveCheckConfig { Type = HealthCheckType.Grpc, GrpcServiceName = "shop.Cart", ReusesConnection = true, IsMandatory = true });
    }

    [Theory]
    [InlineData("", "'grpc_service_name':'a'", "checks.active.grpc_service_name has no effect while checks.active.type is http; it acts with grpc")]
    [InlineData(",'scheme':'udp'", "'type':'grpc'", "checks.active.type grpc is not possible while scheme is udp; it is with http, https, grpc and grpcs")]
    [InlineData("", "'type':'tcp','reuse_connection':true", "checks.active.reuse_connection has no effect while checks.active.type is tcp; it acts with http, https and grpc")]
    [InlineData("", "'req_headers':['connection: close'],'reuse_connection':true",
        "checks.active.reuse_connection has no effect while checks.active.req_headers holds a Connection line; leave one of them out")]
    public void Parse_WhatWouldHaveNoEffect_IsRefused(string more, string field, string text) =>
        Parsed.Upstream($"{{'nodes':{{'a:1':1}}{more},'checks':{{'active':{{{field}}}}}}}").ShouldFailWith(text);

    [Theory]
    [InlineData("http", true)]
    [InlineData("https", true)]
    [InlineData("grpc", true)]
    [InlineData("grpcs", true)]
    [InlineData("tcp", false)]
    [InlineData("tls", false)]
    [InlineData("udp", false)]
    [InlineData("kafka", false)]
    public void Parse_GrpcCheck_IsPossibleWhereGrpcIs(string scheme, bool possible) =>
        Parsed.Upstream($"{{'nodes':{{'a:1':1}},'scheme':'{scheme}','checks':{{'active':{{'type':'grpc'}}}}}}").Errors.Any().ShouldBe(!possible);

    [Fact]
    public void Parse_GrpcCheckWithFieldsOfHttp_NotesEach() =>
        Parsed.Upstream("{'nodes':{'a:1':1},'checks':{'active':{'type':'grpc','http_path':'/x','healthy':{'http_statuses':[200]}}}}").Warnings.ShouldBe(
        [
            "checks.active.http_path has no effect while checks.active.type is grpc",
            "checks.active.healthy.http_statuses has no effect while checks.active.type is grpc",
        ]);

    [Fact]
    public void StatusSet_Contains_ItsMembersOnly()
    {
        var set = new StatusSet(200, 599);

        Enumerable.Range(-5, 2000).Where(set.Contains).ShouldBe([200, 599]);
        set.ShouldBe(new StatusSet(599, 200));
        set.GetHashCode().ShouldBe(new StatusSet(599, 200).GetHashCode());
        set.ShouldNotBe(new StatusSet(200));
    }

    private static HealthChecksConfig? Read(string more) => Parsed.Upstream($"{{'nodes':{{'a:1':1}}{more}}}").Valid.Checks;
}
