using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>What an APISIX user types: <c>curl</c> against the Admin API, and what comes of it on the traffic port.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class AdminCurlTests : IAsyncLifetime
{
    private GatewayProcess _gateway = null!;
    private NginxOrigin _origin = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await GatewayProcess.StartAsync();
        _origin = await NginxOrigin.StartAsync(2);
        await File.WriteAllTextAsync(Path.Combine(_origin.Root, "hello.txt"), "hello\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task UpstreamServiceRoute_WrittenReadChangedDeleted_TrafficFollows()
    {
        string nodes = $"{{\"127.0.0.1:{_origin.Ports[0]}\":1}}";
        (int status, string body) = await _gateway.AdminAsync("PUT", "/upstreams/1", $"{{\"type\":\"roundrobin\",\"nodes\":{nodes}}}");
        status.ShouldBe(201, body);
        body.ShouldStartWith($"{{\"key\":\"/apisix/upstreams/1\",\"value\":{{\"type\":\"roundrobin\",\"nodes\":{nodes},\"id\":\"1\",\"create_time\":");
        (await _gateway.AdminAsync("PUT", "/services/1", """{"upstream_id":"1"}""")).Status.ShouldBe(201);
        (await _gateway.AdminAsync("PUT", "/routes/1", """{"uri":"/*","service_id":"1"}""")).Status.ShouldBe(201);
        await TrafficBecomesAsync("hello\n200");

        (await _gateway.AdminAsync("PUT", "/routes/1", """{"uri":"/other/*","service_id":"1"}""")).Status.ShouldBe(200);
        await TrafficBecomesAsync("{\"error_msg\":\"404 Route Not Found\"}\n404");
        (await _gateway.AdminAsync("PATCH", "/routes/1", """{"uri":"/*","status":0}""")).Status.ShouldBe(200);
        (await _gateway.AdminAsync("PATCH", "/routes/1/status", "1")).Status.ShouldBe(200);
        await TrafficBecomesAsync("hello\n200");

        (status, body) = await _gateway.AdminAsync("GET", "/routes/1");
        status.ShouldBe(200);
        body.ShouldStartWith("""{"key":"/apisix/routes/1","value":{"uri":"/*","service_id":"1","id":"1","create_time":""");
        (await _gateway.AdminAsync("GET", "/routes")).Body.ShouldContain("\"total\":1");
        (await _gateway.AdminAsync("DELETE", "/routes/1")).Body.TrimEnd().ShouldBe("""{"deleted":"1","key":"/apisix/routes/1"}""");
        await TrafficBecomesAsync("{\"error_msg\":\"404 Route Not Found\"}\n404");
        (await _gateway.AdminAsync("GET", "/routes/1")).ShouldBe((404, "{\"message\":\"Key not found\"}\n"));
        (await _gateway.AdminAsync("DELETE", "/services/1")).Status.ShouldBe(200);
        (await _gateway.AdminAsync("DELETE", "/upstreams/1")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Refusals_SayWhatIsWrong_AndLoseNothing()
    {
        await _gateway.RouteAllToAsync(_origin.Ports[0]);

        (await _gateway.AdminAsync("PUT", "/upstreams/1", """{"nodes":{"127.0.0.1:1":1},"foo":1}"""))
            .ShouldBe((400, "{\"error_msg\":\"invalid configuration: additional properties forbidden, found foo\"}\n"));
        (await _gateway.AdminAsync("PUT", "/upstreams/1", """{"type":"nope","nodes":{"127.0.0.1:1":1}}"""))
            .ShouldBe((400, "{\"error_msg\":\"invalid configuration: property \\\"type\\\" validation failed: matches none of the enum values (given \\\"nope\\\"; allowed: roundrobin, chash, least_conn, ewma, p2c, random, maglev)\"}\n"));
        (await _gateway.AdminAsync("PUT", "/routes/1", """{"uri":"/*","upstream_id":"9"}"""))
            .ShouldBe((400, "{\"error_msg\":\"failed to fetch upstream info by upstream id [9], response code: 404\"}\n"));
        (await _gateway.AdminAsync("PUT", "/routes/1", """{"uri":"/*","service_id":"9"}"""))
            .ShouldBe((400, "{\"error_msg\":\"failed to fetch service info by service id [9], response code: 404\"}\n"));
        (await _gateway.AdminAsync("DELETE", "/upstreams/1"))
            .ShouldBe((400, "{\"error_msg\":\"can not delete this upstream, route [1] is still using it now\",\"users\":[\"/apisix/routes/1\"]}\n"));
        (int status, string body) = await _gateway.AdminAsync("PUT", "/upstreams/1", "{");
        status.ShouldBe(400);
        body.ShouldStartWith("{\"error_msg\":\"invalid request body: ");
        (await _gateway.AdminAsync("GET", "/upstreams/1", null, "-H", "X-API-KEY: wrong")).Status.ShouldBe(401);

        await TrafficBecomesAsync("hello\n200");
    }

    [Theory]
    [InlineData("Expect:")]
    [InlineData("Expect: 100-continue")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task BodyOf2MiB_IsRefusedWithItsSize_AndTheConnectionIsUsable(string header)
    {
        string file = Path.Combine(_gateway.Folder, "body");
        await File.WriteAllBytesAsync(file, new byte[2 * 1024 * 1024]);
        Tool curl = await Tool.CurlAsync(
            "-X", "PUT", "-w", "\n%{http_code}", "-H", "X-API-KEY: " + GatewayProcess.AdminKey, "-H", header, "--data-binary", "@" + file, _gateway.Admin + "/upstreams/1");
        curl.ExitCode.ShouldBe(0, curl.Error);
        curl.Output.ShouldEndWith("\n400");
        curl.Output.ShouldContain("is greater than the maximum size 1572864 allowed");
        if (!header.StartsWith("Transfer", StringComparison.Ordinal))
            curl.Output.ShouldBe("{\"error_msg\":\"invalid request body: request size 2097152 is greater than the maximum size 1572864 allowed\"}\n\n400");
        (await _gateway.AdminAsync("GET", "/upstreams/1")).Status.ShouldBe(404);
    }

    // Milliseconds in practice (LiveEditTests measures it); polled because the answer does not wait for it.
    private async Task TrafficBecomesAsync(string expected)
    {
        string seen = "";
        try
        {
            await Testing.Eventually.HoldsAsync(
                async () => (seen = (await Tool.CurlAsync("-w", "%{http_code}", _gateway.Http + "/hello.txt")).Output) == expected, "traffic follows");
        }
        catch (TimeoutException)
        {
            seen.ShouldBe(expected);
        }
    }
}
