using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>syslog</c> through the whole gateway, with servers that take entries, are down, hang, or come back.</summary>
public sealed class SyslogTests
{
    private readonly ConcurrentQueue<string> _lines = new();

    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "")]
    [InlineData(1, ""","tls":true""")]
    public async Task Tcp_EntriesAreLines(int version, string more)
    {
        using var certificates = new TestCertificates();
        await using ScriptedNode server = more.Length == 0
            ? ScriptedNode.Start(ReadLinesAsync)
            : ScriptedNode.StartTls(new SslServerAuthenticationOptions { ServerCertificate = certificates.Issue("127.0.0.1") }, ReadLinesAsync);
        await using PluginGateway gateway = await PluginGateway.StartAsync(Config(server.Port, ""","batch_max_size":2,"log_format":{"u":"$uri","b":"$http_x"}""" + more));
        await gateway.GetAsync(version, "/a", ("X", "a\"\\b"));
        await gateway.GetAsync(version, "/b");
        await Eventually.HoldsAsync(() => _lines.Count == 2, "both are there");
        string[] words = _lines.First().Split(' ', 8);
        (words[0], words[2], words[3], words[4], words[5], words[6]).ShouldBe(("<46>1", "127.0.0.1", "apisix", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), "-", "-"));
        DateTimeOffset.ParseExact(words[1], "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        using JsonDocument entry = JsonDocument.Parse(words[7]);
        (entry.RootElement.GetProperty("u").GetString(), entry.RootElement.GetProperty("b").GetString()).ShouldBe(("/a", "a\"\\b"));
        await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Sent == 2, "they are counted");
    }

    [Fact]
    public async Task Udp_EntriesAreDatagrams()
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using PluginGateway gateway = await PluginGateway.StartAsync(Config(((IPEndPoint)server.LocalEndPoint!).Port, ""","sock_type":"udp","batch_max_size":2,"log_format":{"u":"$uri"}"""));
        await gateway.GetAsync(1, "/a");
        await gateway.GetAsync(1, "/b");
        byte[] buffer = new byte[1000];
        foreach (string path in (string[])["/a", "/b"])
        {
            int length = await server.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Encoding.UTF8.GetString(buffer, 0, length).ShouldEndWith($$""" - - {"u":"{{path}}","route_id":"r","service_id":""}""");
        }
    }

    [Fact]
    public async Task ServerIsDown_RequestsAreAnswered_AndDropsCounted()
    {
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        using (holder)
        {
            await using PluginGateway gateway = await PluginGateway.StartAsync(Config(refusing, ""","batch_max_size":1"""));
            for (int i = 0; i < 4; i++)
                (await gateway.GetAsync(1)).Status.ShouldBe(200);
            await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Dropped == 4, "all are dropped");
        }
    }

    [Fact]
    public async Task ServerHangs_EntriesAreDropped_AndRequestsAnswered()
    {
        await using ScriptedNode server = ScriptedNode.Start(peer => peer.IgnoreAsync()); // takes the connection, and never says a word of TLS
        await using PluginGateway gateway = await PluginGateway.StartAsync(Config(server.Port, ""","tls":true,"timeout":100,"batch_max_size":1"""));
        await gateway.GetAsync(1);
        await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Dropped == 1, "it is dropped in the end");
        gateway.Gateway.Logs.Sent.ShouldBe(0);
    }

    [Fact]
    public async Task DropLimit_BoundsWhatWaits()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("{}");
        await using ScriptedNode server = ScriptedNode.Start(peer => peer.IgnoreAsync()); // gone when the gateway stops, which would wait for it
        gateway.Put(Config(server.Port, ""","tls":true,"timeout":600000,"batch_max_size":1,"drop_limit":1000,"log_format":{"u":"$uri"}"""));
        await gateway.GetAsync(1);
        await Eventually.HoldsAsync(() => server.Accepted == 1, "the first is being sent");
        for (int i = 0; i < 20; i++)
            (await gateway.GetAsync(1)).Status.ShouldBe(200);

        // Nine or so of 108 bytes fit into 1000.
        await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Dropped is > 8 and < 15, "what does not fit is dropped");
    }

    [Fact]
    public async Task ServerComesBack_WhatIsTriedAgainArrives()
    {
        int port = ScriptedNode.RefusingPort(out IDisposable holder);
        await using PluginGateway gateway = await PluginGateway.StartAsync(Config(port, ""","batch_max_size":1,"max_retry_count":1000,"retry_delay":0"""));
        await gateway.GetAsync(1, "/a");
        holder.Dispose();
        await using (ScriptedNode.Start(ReadLinesAsync, port: port))
            await Eventually.HoldsAsync(() => _lines.Count == 1, "it arrives");

        // And goes away while it is not needed, or in between.
        await using (ScriptedNode.Start(ReadLinesAsync, port: port))
        {
            await gateway.GetAsync(1, "/b");
            await Eventually.HoldsAsync(() => _lines.Count == 2, "so does the next");
        }

        gateway.Gateway.Logs.Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task Metadata_HasTheFormat()
    {
        await using ScriptedNode server = ScriptedNode.Start(ReadLinesAsync);
        await using PluginGateway gateway = await PluginGateway.StartAsync(Config(server.Port, ""","batch_max_size":1"""));
        gateway.Gateway.Put(ResourceKind.PluginMetadata, "syslog", """{"log_format":{"u":"$uri"}}""");
        await gateway.GetAsync(1, "/a");
        await Eventually.HoldsAsync(() => _lines.Count == 1, "it is there");
        _lines.First().ShouldEndWith(""" - - {"u":"/a","route_id":"r","service_id":""}""");
    }

    [Theory]
    [InlineData("{}", "property \"host\" is required")]
    [InlineData("""{"host":"a"}""", "property \"port\" is required")]
    [InlineData("""{"host":"a","port":0}""", "expected 0 to be at least 1")]
    [InlineData("""{"host":"a","port":1,"sock_type":"unix"}""", "allowed: tcp, udp")]
    [InlineData("""{"host":"a","port":1,"sock_type":"udp","tls":true}""", "tls has no effect with sock_type udp")]
    [InlineData("""{"host":"a","port":1,"timeout":0}""", "expected 0 to be at least 1")]
    [InlineData("""{"host":"a","port":1,"pool_size":1}""", "expected 1 to be at least 5")]
    [InlineData("""{"host":"a","port":1,"facility":1}""", "additional properties forbidden, found facility")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("syslog", config, text);

    private static string Config(int port, string more) => $$"""{"syslog":{"host":"127.0.0.1","port":{{port}}{{more}}} }""";

    private async Task ReadLinesAsync(ScriptedPeer peer)
    {
        var line = new StringBuilder();
        while (true)
        {
            char next = (char)(await peer.ReadBytesAsync(1))[0];
            if (next != '\n')
            {
                line.Append(next);
                continue;
            }

            _lines.Enqueue(line.ToString());
            line.Clear();
        }
    }
}
