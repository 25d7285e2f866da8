using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Proxy.Explain;
using Headgate.Proxy.Tests.Pipeline;

namespace Headgate.Proxy.Tests.Explain;

/// <summary>A gateway whose answers say what was done with a request that carries <see cref="Key"/>; every path leads to the upstream "u".</summary>
internal sealed class ExplainedGateway : IAsyncDisposable
{
    public const string Key = "schlüssel-of-an-admin";

    private ExplainedGateway(GatewayUnderTest gateway) => Gateway = gateway;

    public GatewayUnderTest Gateway { get; }

    public UpstreamSnapshot Upstream => Gateway.Plane.Upstreams.Find("upstreams/u")!;

    public static async Task<ExplainedGateway> StartAsync(IEnumerable<int> ports, string more = "", string peers = "127.0.0.0/8", RecentDecisionOptions? recent = null)
    {
        var explaining = new ExplainHeaderOptions([SHA256.HashData("another"u8), SHA256.HashData(Encoding.UTF8.GetBytes(Key))], peers == "" ? [] : [IPNetwork.Parse(peers)]);
        GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(null, recent: recent, explaining: explaining);
        gateway.PutUpstream("u", ports, more);
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        return new ExplainedGateway(gateway);
    }

    /// <summary>Sends a request on a connection of its own; null as <paramref name="key"/>: without the header. Gives the head of the answer.</summary>
    public async Task<string> AskAsync(string path = "/", string? key = Key, string fields = "", string method = "GET")
    {
        string header = key is null ? "" : $"X-Headgate-Explain: {Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(key))}\r\n";
        string answer = await Gateway.SendRawAsync($"{method} {path} HTTP/1.1\r\nHost: a.test\r\n{header}{fields}Connection: close\r\n\r\n");
        return answer[..(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)];
    }

    /// <summary>As <see cref="AskAsync"/>, and reads the explanation.</summary>
    public async Task<JsonElement> ExplainAsync(string path = "/", string fields = "", string method = "GET") => Explanation(await AskAsync(path, Key, fields, method));

    /// <summary>The explanation in a head, which has exactly one.</summary>
    public static JsonElement Explanation(string head)
    {
        string[] lines = [.. head.Split("\r\n").Where(line => line.StartsWith("X-Headgate-Explain: ", StringComparison.OrdinalIgnoreCase))];
        lines.Length.ShouldBe(1, head);
        string value = lines[0]["X-Headgate-Explain: ".Length..];
        value.Length.ShouldBeLessThanOrEqualTo(RequestAccountJson.BytesMax);
        value.ShouldAllBe(c => c >= ' ' && c <= '~');
        return JsonElement.Parse(value);
    }

    public static void ShouldSayNothing(string head) => head.ShouldNotContain("X-Headgate-Explain", Case.Insensitive);

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();
}
