using System.Globalization;
using Headgate.Core.Config;
using Headgate.Proxy.Plugins.LimitCount;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>limit-count</c> through whole gateways that share Debian's Redis.</summary>
public sealed class LimitCountRedisTests
{
    [Theory]
    [InlineData(1, "fixed")]
    [InlineData(2, "sliding")]
    public async Task TwoGateways_ShareTheLimitExactly(int version, string windowType)
    {
        await using RedisProcess redis = await RedisProcess.StartAsync();
        string limit = $""" "count":150,"time_window":3600,"window_type":"{windowType}","key_type":"constant","key":"all","rejected_code":429 """;
        await using PluginGateway first = await StartAsync(redis, limit), second = await StartAsync(redis, limit);
        int admitted = 0;
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async place =>
        {
            for (int i = 0; i < 10; i++)
            {
                int status = (await (place % 2 == 0 ? first : second).GetAsync(version)).Status;
                status.ShouldBeOneOf(200, 429);
                if (status == 200)
                    Interlocked.Increment(ref admitted);
            }
        }));
        (admitted, first.Requests + second.Requests).ShouldBe((150, 150));

        // One round trip each: the script is run as often as there were requests, and further times only as long as the server did not have it.
        string calls = await redis.CommandAsync("INFO", "commandstats");
        int succeeded = Calls(calls, "evalsha") + Calls(calls, "eval") - Failed(calls, "evalsha");
        succeeded.ShouldBe(400);
        Calls(calls, "eval").ShouldBeLessThan(100);
    }

    [Theory]
    [InlineData("fixed", "2")]
    [InlineData("sliding", "2.06")]
    public async Task Window_EndsByTheServersClock(string windowType, string reset)
    {
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using PluginGateway gateway = await StartAsync(redis, $""" "count":1,"time_window":2,"window_type":"{windowType}" """);
        PluginAnswer answer = await gateway.GetAsync(1);
        (answer.Status, answer.Fields["X-RateLimit-Limit"].Single(), answer.Fields["X-RateLimit-Remaining"].Single()).ShouldBe((200, "1", "0"));
        double.Parse(answer.Fields["X-RateLimit-Reset"].Single(), CultureInfo.InvariantCulture)
            .ShouldBeInRange(1.9, double.Parse(reset, CultureInfo.InvariantCulture));
        (await gateway.GetAsync(1)).Status.ShouldBe(503);
        await Eventually.HoldsAsync(async () => (await gateway.GetAsync(1)).Status == 200, "the window ends");
        (await gateway.GetAsync(1)).Status.ShouldBe(503);
    }

    [Fact]
    public async Task Server_KilledAndRestarted_RequestsFailMeanwhile()
    {
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using PluginGateway gateway = await StartAsync(redis, """ "count":9,"time_window":3600 """);
        await using PluginGateway lenient = await StartAsync(redis, """ "count":9,"time_window":3600,"allow_degradation":true """);
        (await RemainingAsync(gateway)).ShouldBe("8");
        (await RemainingAsync(lenient)).ShouldBe("7");
        await redis.KillAsync();
        PluginAnswer failed = await gateway.GetAsync(1);
        (failed.Status, failed.Body).ShouldBe((500, "{\"error_msg\":\"failed to limit count\"}\n"));
        failed.Fields["X-RateLimit-Limit"].ShouldBeEmpty();
        (await lenient.GetAsync(1)).Status.ShouldBe(200);
        await redis.RestartAsync();
        await Eventually.HoldsAsync(async () => (await gateway.GetAsync(1)).Status == 200, "the server is found again");
        await Eventually.HoldsAsync(async () => (await lenient.GetAsync(1)).Fields["X-RateLimit-Limit"].Any(), "the server is found again by the other");
    }

    [Fact]
    public async Task Server_Hung_RequestsFailInTimeAndThenAtOnce()
    {
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using PluginGateway gateway = await StartAsync(redis, """ "count":900,"time_window":3600,"redis_timeout":300,"redis_keepalive_pool":1 """);
        (await gateway.GetAsync(1)).Status.ShouldBe(200);
        redis.Signal("STOP");
        PluginAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => gateway.GetAsync(1 + (i % 2))));
        answers.ShouldAllBe(answer => answer.Status == 500);
        (await gateway.GetAsync(1)).Status.ShouldBe(500);
        redis.Signal("CONT");
        await Eventually.HoldsAsync(async () => (await gateway.GetAsync(1)).Status == 200, "the server answers again");
    }

    [Fact]
    public async Task Password_Wrong_RequestsFail()
    {
        await using RedisProcess redis = await RedisProcess.StartAsync("--requirepass", "s3cret", "--user", "gate", "on", ">pw", "~headgate:*", "+@all");
        await using PluginGateway right = await StartAsync(redis, """ "count":9,"time_window":3600,"redis_password":"s3cret","redis_database":3 """);
        (await RemainingAsync(right)).ShouldBe("8");
        await using PluginGateway user = await StartAsync(redis, """ "count":9,"time_window":3600,"redis_username":"gate","redis_password":"pw","redis_database":3 """);
        (await RemainingAsync(user)).ShouldBe("7");
        await using PluginGateway other = await StartAsync(redis, """ "count":9,"time_window":3600,"redis_username":"gate","redis_password":"pw" """);
        (await RemainingAsync(other)).ShouldBe("8");
        await using PluginGateway none = await StartAsync(redis, """ "count":9,"time_window":3600 """);
        (await none.GetAsync(1)).Status.ShouldBe(500);
        await using PluginGateway wrong = await StartAsync(redis, """ "count":9,"time_window":3600,"redis_password":"other" """);
        (await wrong.GetAsync(1)).Status.ShouldBe(500);
    }

    [Fact]
    public async Task Scripts_Flushed_CountingGoesOn()
    {
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using PluginGateway gateway = await StartAsync(redis, """ "count":9,"time_window":3600 """);
        (await RemainingAsync(gateway)).ShouldBe("8");
        (await redis.CommandAsync("SCRIPT", "FLUSH")).ShouldStartWith("OK");
        (await RemainingAsync(gateway)).ShouldBe("7");
        (await RemainingAsync(gateway)).ShouldBe("6");
    }

    [Fact]
    public async Task Tls_VerifiedOnlyWhenAskedFor()
    {
        using var certificates = new TestCertificates();
        (string certificate, string key) = certificates.IssuePem("127.0.0.1");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("headgate-redis-");
        string certificateFile = Path.Combine(folder.FullName, "c.pem"), keyFile = Path.Combine(folder.FullName, "k.pem");
        await File.WriteAllTextAsync(certificateFile, certificate, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(keyFile, key, TestContext.Current.CancellationToken);
        await using RedisProcess redis = await RedisProcess.StartTlsAsync(certificateFile, keyFile);
        await using PluginGateway gateway = await StartAsync(redis, """ "count":9,"time_window":3600,"redis_ssl":true """);
        (await RemainingAsync(gateway)).ShouldBe("8");
        await using PluginGateway strict = await StartAsync(redis, """ "count":9,"time_window":3600,"redis_ssl":true,"redis_ssl_verify":true """);
        (await strict.GetAsync(1)).Status.ShouldBe(500);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Connections_FewAndClosedWhenIdle()
    {
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using PluginGateway gateway = await StartAsync(redis, """ "count":9000,"time_window":3600,"redis_keepalive_timeout":1000 """);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => gateway.GetAsync(1)));
        (await ClientsAsync()).ShouldBeLessThanOrEqualTo(2);
        await Eventually.HoldsAsync(async () => await ClientsAsync() == 0, "idle connections are closed");
        (await gateway.GetAsync(1)).Status.ShouldBe(200);

        async Task<int> ClientsAsync() => (await redis.CommandAsync("CLIENT", "LIST")).Split('\n').Count(line => line.StartsWith("id=", StringComparison.Ordinal) && !line.Contains("cmd=client"));
    }

    [Fact]
    public async Task Objects_CountApart_AndGroupsTogether()
    {
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using PluginGateway gateway = await StartAsync(redis, """ "count":9,"time_window":3600 """);
        foreach ((string id, string more) in (ReadOnlySpan<(string, string)>)[("a", ""), ("b", ""), ("c", ""","group":"g" """), ("d", ""","group":"g" """)])
        {
            gateway.Gateway.Put(
                ResourceKind.Route, id, $$$"""{"uri":"/{{{id}}}","upstream_id":"u","plugins":{"limit-count":{"count":9,"time_window":3600{{{more}}},"policy":"redis","redis_host":"127.0.0.1","redis_port":{{{redis.Port}}} } } }""");
        }

        (await RemainingAsync(gateway, "/a")).ShouldBe("8");
        (await RemainingAsync(gateway, "/b")).ShouldBe("8");
        (await RemainingAsync(gateway, "/c")).ShouldBe("8");
        (await RemainingAsync(gateway, "/d")).ShouldBe("7");
        (await RemainingAsync(gateway, "/a")).ShouldBe("7");
        (await redis.CommandAsync("KEYS", "headgate:limit-count:/apisix/routes/a:*")).ShouldContain(":127.0.0.1");
    }

    [Theory]
    [InlineData("redis", "", "property \"redis_host\" is required")]
    [InlineData("redis", ""","redis_host":"a" """, "property \"redis_host\" validation failed: string too short, expected at least 2, got 1")]
    [InlineData("redis", ""","redis_host":"ab","redis_port":0""", "property \"redis_port\" validation failed: expected 0 to be at least 1")]
    [InlineData("redis", ""","redis_host":"ab","redis_pasword":"x" """, "additional properties forbidden, found redis_pasword (did you mean redis_password?)")]
    [InlineData("redis-cluster", ""","redis_cluster_nodes":["a:1"],"redis_cluster_name":"c" """, "policy: redis-cluster is not there; allowed: local, redis")]
    [InlineData("redis-sentinel", ""","redis_sentinels":[],"redis_master_name":"c" """, "policy: redis-sentinel is not there; allowed: local, redis")]
    public void Config_Wrong_IsRefused(string policy, string more, string text) =>
        PluginConfigs.ShouldRefuse("limit-count", $$"""{"count":1,"time_window":1,"policy":"{{policy}}"{{more}}}""", text);

    [Fact]
    public void Config_Printed_HasNoPassword()
    {
        var config = (LimitCountConfig)PluginConfigs.Read("limit-count", """{"count":1,"time_window":1,"policy":"redis","redis_host":"ab","redis_password":"s3cret"}""");
        config.Terms.Redis!.Password.ShouldBe("s3cret");
        config.ToString().ShouldNotContain("s3cret");
        new LimitCountKind().SecretFields.ShouldContain("redis_password");
    }

    private static async Task<string> RemainingAsync(PluginGateway gateway, string path = "/") => (await gateway.GetAsync(1, path)).Fields["X-RateLimit-Remaining"].Single();

    private static Task<PluginGateway> StartAsync(RedisProcess redis, string limit) =>
        PluginGateway.StartAsync($$"""{"limit-count":{ {{limit}},"policy":"redis","redis_host":"127.0.0.1","redis_port":{{redis.Port}} } }""");

    private static int Calls(string stats, string command) => Number(stats, command, "calls=");

    private static int Failed(string stats, string command) => Number(stats, command, "failed_calls=");

    private static int Number(string stats, string command, string name)
    {
        string? line = stats.Split('\n').FirstOrDefault(line => line.StartsWith($"cmdstat_{command}:", StringComparison.Ordinal));
        string? value = line?.Split(':', ',').FirstOrDefault(part => part.StartsWith(name, StringComparison.Ordinal));
        return value is null ? 0 : int.Parse(value[name.Length..].Trim(), CultureInfo.InvariantCulture);
    }
}
