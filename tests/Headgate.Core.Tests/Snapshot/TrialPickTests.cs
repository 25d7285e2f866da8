using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Tests.LoadBalancing;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>What is picked while a node is on trial after its ejection.</summary>
public sealed class TrialPickTests : IDisposable
{
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("roundrobin")]
    [InlineData("random")]
    public void Pick_NodeOnTrial_TakesItsShareAndTheOthersTheRest(string type)
    {
        UpstreamSnapshot upstream = Put($"\"type\":\"{type}\"");
        upstream.Nodes[0].State.Share.Set(PickShareCause.Trial, 1000);

        var counts = new int[4];
        for (int i = 0; i < 40_000; i++)
            counts[Pick(upstream, 1)]++;

        // A quarter is its part and a tenth of that stays; the rest of the quarter goes to the three others.
        Balancing.ShouldFollow(counts, [0.025, 0.325, 0.325, 0.325]);
    }

    [Theory]
    [InlineData("chash")]
    [InlineData("maglev")]
    public void Pick_HashedWithANodeOnTrial_ItsOwnKeysComeBackAndNoOtherMoves(string type)
    {
        UpstreamSnapshot upstream = Put($"\"type\":\"{type}\",\"key\":\"remote_addr\"");
        int[] whole = Picks(PickShare.Full);
        int[] few = Picks(1000), more = Picks(4000), all = Picks(PickShare.Full);

        all.ShouldBe(whole);
        for (int key = 0; key < whole.Length; key++)
        {
            if (whole[key] != 0)
                (few[key], more[key]).ShouldBe((whole[key], whole[key]));
            else if (few[key] == 0)
                more[key].ShouldBe(0); // a key that has come back stays
        }

        few.Count(node => node == 0).ShouldBeInRange(1, more.Count(node => node == 0) - 1);

        int[] Picks(int share)
        {
            upstream.Nodes[0].State.Share.Set(PickShareCause.Trial, share);
            return [.. Enumerable.Range(0, 4000).Select(key => Pick(upstream, unchecked((uint)key * 2_654_435_761)))];
        }
    }

    [Fact]
    public void Pick_ReturnPercent100_HasNoGate()
    {
        UpstreamSnapshot upstream = Put("\"type\":\"roundrobin\"", ",\"return_percent\":100");
        upstream.Nodes[0].State.Share.Set(PickShareCause.Trial, 1);
        Enumerable.Range(0, 40).Count(_ => Pick(upstream, 1) == 0).ShouldBe(10);
    }

    private UpstreamSnapshot Put(string field, string more = "")
    {
        string nodes = "\"nodes\":{\"10.0.0.1:80\":1,\"10.0.0.2:80\":1,\"10.0.0.3:80\":1,\"10.0.0.4:80\":1}";
        return _gateway.PutUpstream($"{{{nodes},\"outlier_detection\":{{\"consecutive_5xx\":5{more}}},{field}}}");
    }

    private static int Pick(UpstreamSnapshot upstream, uint client)
    {
        TriedNodes none = default;
        var context = new PickContext(in none, Balancing.From(client));
        return upstream.Pick(ref context).ShouldNotBeNull().Index;
    }
}
