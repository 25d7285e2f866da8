using System.Text;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Explain;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Explain;

/// <summary>An account is one line that fits into a header field, whatever names and keys are in it.</summary>
public sealed class RequestAccountTests : IDisposable
{
    private static readonly string Label = new('n', 60);
    private readonly NodeDirectory _directory = new(new ManualTimeProvider(), new NodeObservers());

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(3, 1, 3)]
    [InlineData(40, 1, 16)]
    [InlineData(40, 10, 0)]
    [InlineData(1000, 10, 0)]
    [InlineData(1001, 10, null)]
    public void Write_ManyNodesAndLongNames_StaysWithinTheBound(int count, int tries, int? listed)
    {
        (RequestAccount account, UpstreamSnapshot upstream, TestRequest request) = Begin(count, new string('\u00e9', 2000) + "\"\u0001\r\n");
        for (int i = 0; i < tries; i++)
        {
            TriedNodes tried = default;
            account.OnPick(upstream, upstream.Nodes[i % count], new PickContext(ref tried, request) { Drawn = (1, 2) });
            account.OnTryEnd(upstream.Nodes[i % count], AttemptFailure.ClosedBeforeAnswer, 502);
        }

        byte[] line = account.Write(503, 7);

        line.Length.ShouldBeLessThanOrEqualTo(RequestAccountJson.BytesMax);
        line.ShouldAllBe(b => b >= ' ' && b <= '~');
        JsonElement told = JsonElement.Parse(line);
        told.GetProperty("tries_count").GetInt32().ShouldBe(tries);
        told.GetProperty("tries").GetArrayLength().ShouldBe(Math.Min(tries, RequestAccount.TriesMax));
        told.GetProperty("tries")[0].GetProperty("outcome").GetString().ShouldBe("closed_before_answer");
        told.GetProperty("retry_after").GetInt32().ShouldBe(7);
        told.TryGetProperty("candidates", out JsonElement candidates).ShouldBe(listed is not null);
        if (listed is not null)
        {
            candidates.GetArrayLength().ShouldBe(listed.Value);
            told.GetProperty("candidates_count").GetInt32().ShouldBe(count);
            told.GetProperty("key").GetString()!.Length.ShouldBe(103);
        }
    }

    private (RequestAccount Account, UpstreamSnapshot Upstream, TestRequest Request) Begin(int count, string user)
    {
        var served = new ServedUpstreams();
        var compiler = new SnapshotCompiler(_directory, PluginCatalog.Empty, served);
        string nodes = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"n{i}.{Label}.{Label}.{Label}.test:80\":1"));
        GatewaySnapshot snapshot = compiler.Apply(1, [
            new ConfigChange(ResourceKind.Upstream, "u", Encoding.UTF8.GetBytes($$"""{"type":"chash","hash_on":"header","key":"X-User","nodes":{ {{nodes}} } }""")),
            new ConfigChange(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}"""u8.ToArray())]);
        compiler.Rejected.ShouldBeEmpty();
        TestRequest request = new TestRequest("a.test", "/").With("x-user", user);
        return (new RequestAccount(snapshot, snapshot.Match(request)), served.Find("upstreams/u")!, request);
    }
}
