using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary>What looks at requests afterwards acts from a global rule and from a consumer as it does from a route.</summary>
public sealed class LoggingPlacesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-log-");

    private string LogPath => Path.Combine(_folder.FullName, "a.log");

    private string Both => $$$"""{"prometheus":{},"file-logger":{"path":"{{{LogPath}}}","log_format":{"u":"$uri","c":"$consumer_name","s":"$status","a":"$upstream_addr"} } }""";

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task GlobalRule_SeesAllRequests_ThoseWithoutARouteToo(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("{}");
        gateway.Gateway.Put(ResourceKind.GlobalRule, "1", $$"""{"plugins":{{Both}}}""");
        gateway.Gateway.Put(ResourceKind.Route, "r", """{"uri":"/a","upstream_id":"u"}""");
        (await gateway.GetAsync(version, "/a")).Status.ShouldBe(200);
        (await gateway.GetAsync(version, "/b")).Status.ShouldBe(404);
        await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Sent == 2, "both are written");
        (await File.ReadAllLinesAsync(LogPath, TestContext.Current.CancellationToken)).ShouldBe(
        [
            $$"""{"u":"/a","c":"","s":200,"a":"127.0.0.1:{{gateway.NodePort}}","route_id":"r","service_id":""}""",
            """{"u":"/b","c":"","s":404,"a":"","route_id":"","service_id":""}""",
        ]);
        await Eventually.HoldsAsync(() => gateway.Gateway.Metrics.Read().Statuses.Count == 2, "both are counted");
        gateway.Gateway.Metrics.Read().Statuses.Select(count => (count.Labels.Flow.Route, count.Status, count.Count)).ShouldBe([("r", 200, 1L), ("", 404, 1L)], ignoreOrder: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Consumer_SeesItsOwnRequests(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"key-auth":{}}""");
        foreach ((string name, string more) in new[] { ("jack", "," + Both.Trim()[1..^1]), ("jill", "") })
            gateway.Gateway.Put(ResourceKind.Consumer, name, "{\"username\":\"" + name + "\",\"plugins\":{\"key-auth\":{\"key\":\"" + name + "\"}" + more + "}}");
        (await gateway.GetAsync(version, "/a", ("apikey", "jill"))).Status.ShouldBe(200);
        (await gateway.GetAsync(version, "/b", ("apikey", "jack"))).Status.ShouldBe(200);
        (await gateway.GetAsync(version, "/c")).Status.ShouldBe(401);
        await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Sent == 1, "his is written");
        (await File.ReadAllLinesAsync(LogPath, TestContext.Current.CancellationToken)).ShouldBe(
            [$$"""{"u":"/b","c":"jack","s":200,"a":"127.0.0.1:{{gateway.NodePort}}","route_id":"r","service_id":""}"""]);
        await Eventually.HoldsAsync(() => gateway.Gateway.Metrics.Read().Statuses.Count == 1, "it is counted");
        gateway.Gateway.Metrics.Read().Statuses.Select(count => (count.Labels.Flow.Consumer, count.Status, count.Count)).ShouldBe([("jack", 200, 1L)]);
    }
}
