using System.Globalization;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Tests.Pipeline;

namespace Headgate.Proxy.Tests.Overrides;

/// <summary>A data plane with one upstream, <c>u</c>, whose nodes are given overrides; what it logs is kept.</summary>
internal sealed class DrainedGateway : IAsyncDisposable
{
    private readonly WrittenLines _log = new();

    private DrainedGateway(GatewayUnderTest gateway, WrittenLines log) => (Gateway, _log) = (gateway, log);

    public GatewayUnderTest Gateway { get; }

    public static async Task<DrainedGateway> StartAsync(IEnumerable<int> ports, string more = "")
    {
        var log = new WrittenLines();
        GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(null, loggers: log);
        gateway.PutUpstream("u", ports, more);
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u","enable_websocket":true}""");
        return new DrainedGateway(gateway, log);
    }

    /// <summary>Lines of an event.</summary>
    public string[] Lines(int id) => [.. _log.Lines.Where(line => line.StartsWith($"{id} ", StringComparison.Ordinal))];

    /// <summary>Gives the word; the gateway obeys when this returns. Null takes it back.</summary>
    public void Put(int port, string? kind, string more = "")
    {
        string since = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000m).ToString(CultureInfo.InvariantCulture);
        Gateway.Put(ResourceKind.Override, Target(port).Id, kind is null ? null : $$"""{"kind":"{{kind}}","who":"ops","since":{{since}}{{more}}}""");
    }

    public NodeOverride Override(int port) => Gateway.Plane.Overrides.Find(Target(port)).ShouldNotBeNull();

    public NodeState Node(int port) => Gateway.Plane.Upstreams.Find("upstreams/u").ShouldNotBeNull().Nodes.Single(node => node.Config.Port == port).State;

    /// <summary>The bodies of so many answers, which all have to be 200, in one string.</summary>
    public async Task<string> AskAsync(int requests)
    {
        using var client = new RawClient(await Gateway.ConnectAsync());
        var bodies = new StringBuilder();
        for (int i = 0; i < requests; i++)
        {
            (int status, ReadOnlyMemory<byte> body) = await client.AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            status.ShouldBe(200);
            bodies.Append(Encoding.Latin1.GetString(body.Span));
        }

        return bodies.ToString();
    }

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();

    private static OverrideTarget Target(int port) => new("upstreams/u", "127.0.0.1", port);
}
