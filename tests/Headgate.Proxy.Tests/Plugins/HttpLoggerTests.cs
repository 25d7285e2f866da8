using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>http-logger</c> through the whole gateway, with a server of logs that answers, refuses, fails or hangs.</summary>
public sealed class HttpLoggerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Batch_IsPosted_AsAnArray(int version)
    {
        await using var server = new LogServer(200);
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            Config(server.Url, ""","batch_max_size":3,"auth_header":"Basic secret","log_format":{"u":"$uri","s":"$status","t":"a \"text\"","n":"$upstream_addr"}"""));
        for (int i = 0; i < 3; i++)
            (await gateway.GetAsync(version, $"/{i}")).Status.ShouldBe(200);
        await Eventually.HoldsAsync(() => server.Posts.Count == 1, "they are posted");
        (string head, string body) = server.Posts.First();
        head.ShouldStartWith("POST /log?a=b HTTP/1.1\r\n");
        head.ShouldContain("Authorization: Basic secret\r\n");
        head.ShouldContain("Content-Type: application/json\r\n");
        using JsonDocument array = JsonDocument.Parse(body);
        array.RootElement.EnumerateArray().Select(entry => entry.GetProperty("u").GetString()).ShouldBe(["/0", "/1", "/2"], ignoreOrder: true);
        JsonElement one = array.RootElement[0];
        (one.GetProperty("s").GetInt32(), one.GetProperty("t").GetString(), one.GetProperty("n").GetString()).ShouldBe((200, "a \"text\"", $"127.0.0.1:{gateway.NodePort}"));
        one.GetProperty("route_id").GetString().ShouldBe("r");
        await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Sent == 3, "they are counted");
    }

    [Fact]
    public async Task SingleEntries_AreObjects()
    {
        await using var server = new LogServer(200);
        await using PluginGateway gateway = await PluginGateway.StartAsync(Config(server.Url, ""","batch_max_size":1"""));
        await gateway.GetAsync(1, "/a");
        await Eventually.HoldsAsync(() => server.Posts.Count == 1, "it is posted");
        using JsonDocument entry = JsonDocument.Parse(server.Posts.First().Body);
        entry.RootElement.GetProperty("request_uri").GetString().ShouldBe("/a");
    }

    [Fact]
    public async Task Metadata_HasTheFormat()
    {
        await using var server = new LogServer(200);
        await using PluginGateway gateway = await PluginGateway.StartAsync(Config(server.Url, ""","batch_max_size":1"""));
        gateway.Gateway.Put(ResourceKind.PluginMetadata, "http-logger", """{"log_format":{"u":"$uri"}}""");
        await gateway.GetAsync(1, "/a");
        await Eventually.HoldsAsync(() => server.Posts.Count == 1, "it is posted");
        server.Posts.First().Body.ShouldBe("""{"u":"/a","route_id":"r","service_id":""}""");
    }

    [Fact]
    public async Task Lines_AreSentWhenNoneFollows()
    {
        await using var server = new LogServer(200);
        await using PluginGateway gateway = await PluginGateway.StartAsync(Config(server.Url, ""","concat_method":"new_line","inactive_timeout":1,"log_format":{"u":"$uri"}"""));
        await gateway.GetAsync(1, "/a");
        await gateway.GetAsync(1, "/b");
        await Eventually.HoldsAsync(() => server.Posts.Count == 1, "they are posted");
        server.Posts.First().Body.Split('\n').Length.ShouldBe(2);
        server.Posts.First().Head.ShouldContain("Content-Type: text/plain\r\n");
    }

    [Fact]
    public async Task ServerFails_BatchIsSentAgain_ThenDropped()
    {
        await using var server = new LogServer(500, 200, 500);
        await using PluginGateway gateway = await PluginGateway.StartAsync(Config(server.Url, ""","batch_max_size":1,"max_retry_count":1,"retry_delay":0"""));
        await gateway.GetAsync(1, "/a");
        await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Sent == 1, "the second try arrives");
        await gateway.GetAsync(1, "/b");
        await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Dropped == 1, "it is dropped after two");
        server.Posts.Count.ShouldBe(4);
    }

    [Fact]
    public async Task ServerIsDown_RequestsAreAnswered_AndDropsCounted()
    {
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        using (holder)
        {
            await using PluginGateway gateway = await PluginGateway.StartAsync(Config($"http://127.0.0.1:{refusing}/", ""","batch_max_size":1"""));
            for (int i = 0; i < 20; i++)
                (await gateway.GetAsync(1)).Status.ShouldBe(200);
            await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Dropped == 20, "all are dropped");
        }
    }

    [Fact]
    public async Task ServerHangs_WhatDoesNotFitIsDropped_AndRequestsAreAnswered()
    {
        await using var server = new LogServer(0);
        await using PluginGateway gateway = await PluginGateway.StartAsync(Config(server.Url, ""","batch_max_size":1,"timeout":600,"log_format":{"u":"$uri"}"""));
        await gateway.GetAsync(1);
        await Eventually.HoldsAsync(() => server.Posts.Count == 1, "the first hangs");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 1100; i++)
                (await gateway.GetAsync(1)).Status.ShouldBe(200);
        })));

        // One is being sent; 8192 wait.
        await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Dropped == 8800 - 8192, "the others are dropped");
        gateway.Gateway.Logs.Sent.ShouldBe(0);
    }

    [Theory]
    [InlineData("{}", "property \"uri\" is required")]
    [InlineData("""{"uri":"ftp://a"}""", "is no URL; allowed: http://host:port/path, https://host:port/path")]
    [InlineData("""{"uri":"http://a/","include_resp_body":true,"max_resp_body_bytes":0}""", "property \"max_resp_body_bytes\" validation failed: expected 0 to be at least 1")]
    [InlineData("""{"uri":"http://a/","log_format_extra":{}}""", "log_format_extra is not there yet")]
    [InlineData("""{"uri":"http://a/","log_format":{"a":{"b":"$uri"}}}""", "wrong type: expected string, got table")]
    [InlineData("""{"uri":"http://a/","batch_max_size":0}""", "expected 0 to be at least 1")]
    [InlineData("""{"uri":"http://a/","inactive_timeout":0}""", "expected 0 to be at least 1")]
    [InlineData("""{"uri":"http://a/","concat_method":"csv"}""", "allowed: json, new_line")]
    [InlineData("""{"uri":"http://a/","ssl_verify":true}""", "ssl_verify has no effect with an http URL")]
    [InlineData("""{"uri":"http://a/","batch_size":1}""", "additional properties forbidden, found batch_size")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("http-logger", config, text);

    [Fact]
    public void Config_AsText_HasNoSecret() => PluginConfigs.Read("http-logger", """{"uri":"http://a/","auth_header":"secret"}""").ToString().ShouldNotContain("secret");

    private static string Config(string url, string more) => $$"""{"http-logger":{"uri":"{{url}}"{{more}}} }""";
}
