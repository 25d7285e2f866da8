using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>file-logger</c> through the whole gateway.</summary>
public sealed class FileLoggerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-log-");

    private string LogPath => Path.Combine(_folder.FullName, "a.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Request_HasAnEntry(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(Config());
        (await gateway.GetAsync(version, "/a?apikey=secret", ("Authorization", "secret"), ("Cookie", "a=secret"))).Status.ShouldBe(200);
        string line = (await LinesAsync(1))[0];
        using JsonDocument entry = JsonDocument.Parse(line);
        (entry.RootElement.GetProperty("status").GetInt32(), entry.RootElement.GetProperty("upstream_addr").GetString()).ShouldBe((200, $"127.0.0.1:{gateway.NodePort}"));
        line.ShouldNotContain("secret");
    }

    [Fact]
    public async Task ManyRequestsOfTwoRoutes_ToOneFile_AreAllThere()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(Config(""","log_format":{"u":"$uri"}"""));
        gateway.Gateway.Put(ResourceKind.Route, "other", "{\"uri\":\"/other/*\",\"upstream_id\":\"u\",\"plugins\":" + Config(""","log_format":{"u":"$uri"}""") + "}");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(async () =>
        {
            for (int i = 0; i < 50; i++)
                (await gateway.GetAsync(number % 4 == 0 ? 2 : 1, number % 2 == 0 ? $"/{number}/{i}" : $"/other/{number}/{i}")).Status.ShouldBe(200);
        })));
        (await LinesAsync(400)).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("u").GetString()).Distinct().Count().ShouldBe(400);
        await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Sent == 400, "they are counted");
    }

    [Fact]
    public async Task RenamedFile_IsLeftAloneAfterReopen()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(Config());
        await gateway.GetAsync(1);
        await LinesAsync(1);
        File.Move(LogPath, LogPath + ".1");
        gateway.Gateway.Logs.Reopen();
        await gateway.GetAsync(1);
        (await LinesAsync(1)).Length.ShouldBe(1);
        (await File.ReadAllLinesAsync(LogPath + ".1", TestContext.Current.CancellationToken)).Length.ShouldBe(1);
    }

    [Fact]
    public async Task FileThatCannotBeWritten_DropsEntries_AndNoRequest()
    {
        Directory.CreateDirectory(LogPath);
        await using PluginGateway gateway = await PluginGateway.StartAsync(Config());
        for (int i = 0; i < 5; i++)
            (await gateway.GetAsync(1)).Status.ShouldBe(200);
        await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Dropped == 5, "they are counted");
    }

    [Fact]
    public async Task Metadata_HasPathAndFormat_AndAnEditActsOnTheNextRequest()
    {
        string other = Path.Combine(_folder.FullName, "b.log");
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"file-logger":{}}""");
        await gateway.GetAsync(1, "/nowhere");
        await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Dropped == 1, "it has no place to go to");
        gateway.Gateway.Put(ResourceKind.PluginMetadata, "file-logger", Metadata(LogPath, """{"u":"$uri","id":"$request_id"}"""));
        await gateway.GetAsync(1, "/a");
        (await LinesAsync(1)).ShouldBe(["""{"u":"/a","id":"","route_id":"r","service_id":""}"""]);
        gateway.Gateway.Put(ResourceKind.PluginMetadata, "file-logger", Metadata(other, """{"v":"$uri"}"""));
        await gateway.GetAsync(2, "/b");
        await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Sent == 2, "it is written");
        (await File.ReadAllLinesAsync(other, TestContext.Current.CancellationToken)).ShouldBe(["""{"v":"/b","route_id":"r","service_id":""}"""]);

        // What the configuration says counts more.
        gateway.Put(Config(""","log_format":{"w":"$uri"}"""));
        await gateway.GetAsync(1, "/c");
        (await LinesAsync(2))[1].ShouldStartWith("""{"w":"/c",""");

        gateway.Gateway.Put(ResourceKind.PluginMetadata, "file-logger", null);
        gateway.Put(Config());
        await gateway.GetAsync(1, "/d");
        (await LinesAsync(3))[2].ShouldContain("\"request_uri\":\"/d\"");
        (await File.ReadAllLinesAsync(other, TestContext.Current.CancellationToken)).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"path":""}""", "string too short, expected at least 1, got 0")]
    [InlineData("""{"log_format":{"a":1}}""", "wrong type: expected string, got number")]
    [InlineData("""{"log_format_extra":{"a":"$uri"}}""", "log_format_extra is not there yet")]
    public void Metadata_Wrong_IsRefused(string metadata, string text) => PluginConfigs.ShouldRefuseMetadata("file-logger", metadata, text);

    [Theory]
    [InlineData("""{"path":""}""", "string too short, expected at least 1, got 0")]
    [InlineData("""{"path":"a","match":[]}""", "match is not there yet; allowed: _meta.filter")]
    [InlineData("""{"path":"a","include_req_body":1}""", "property \"include_req_body\" validation failed: wrong type: expected boolean, got number")]
    [InlineData("""{"path":"a","include_req_body":true,"max_req_body_bytes":0}""", "property \"max_req_body_bytes\" validation failed: expected 0 to be at least 1")]
    [InlineData("""{"path":"a","include_resp_body":true,"include_resp_body_expr":[["a"]]}""", "failed to validate the 'vars' expression")]
    [InlineData("""{"path":"a","log_format":[1]}""", "wrong type: expected object, got")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("file-logger", config, text);

    private static string Metadata(string path, string format) => $$"""{"path":"{{path}}","log_format":{{format}} }""";

    private string Config(string more = "") => $$"""{"file-logger":{"path":"{{LogPath}}"{{more}}} }""";

    private Task<string[]> LinesAsync(int count) => TextFile.LinesAsync(LogPath, count);
}
