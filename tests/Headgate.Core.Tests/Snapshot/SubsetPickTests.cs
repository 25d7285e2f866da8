using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Tests.LoadBalancing;
using Headgate.Core.Upstreams;
using Headgate.Testing;
using static Headgate.Core.Tests.Snapshot.Picking;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>Requests that choose among the nodes by metadata.</summary>
public sealed class SubsetPickTests : IDisposable
{
    private const string ByVersion = "\"keys\":{\"version\":\"http_x_version\"}";
    private readonly Gateway _gateway = new();

    public static TheoryData<string> Policies => PolicyContractTests.Policies;

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [MemberData(nameof(Policies))]
    public void Pick_EveryPolicy_StaysInTheSubsetUntilItIsTried(string type)
    {
        UpstreamSnapshot upstream = Put($"\"type\":\"{type}\",\"key\":\"remote_addr\",\"subset\":{{{ByVersion},\"fallback_policy\":\"none\"}}");

        int[] counts = Count(upstream, 60, Version("v2"));
        (counts[0] + counts[1] + counts[4]).ShouldBe(0);
        Pick(upstream, Version("v2"), 2).ShouldBeSameAs(upstream.Nodes[3]);
        Pick(upstream, Version("v2"), 2, 3).ShouldBeNull();
    }

    [Fact]
    public void Pick_EachSubset_HasExactSharesOfItsOwn()
    {
        UpstreamSnapshot upstream = Put("\"subset\":{" + ByVersion + "}");

        for (int round = 0; round < 10; round++)
        {
            Count(upstream, 2, Version("v1")).ShouldBe([1, 1, 0, 0, 0]);
            Count(upstream, 4, Version("v2")).ShouldBe([0, 0, 1, 3, 0]);
            Count(upstream, 7).ShouldBe([1, 1, 1, 3, 1]);
        }
    }

    [Theory]
    [InlineData("", new[] { 10, 10, 10, 30, 10 })]
    [InlineData(",\"fallback_policy\":\"any\"", new[] { 10, 10, 10, 30, 10 })]
    [InlineData(",\"fallback_policy\":\"default\",\"default_subset\":{\"version\":\"v1\"}", new[] { 35, 35, 0, 0, 0 })]
    public void Pick_NoSuchSubset_GoesWhereTheFallbackSays(string fallback, int[] counts)
    {
        UpstreamSnapshot upstream = Put("\"subset\":{" + ByVersion + fallback + "}");

        foreach (TestRequest request in (TestRequest[])[AnyRequest, Version("v3"), Version("V2"), Version("v2,v1"), Version(new string('v', 300))])
            Count(upstream, 70, request).ShouldBe(counts);
    }

    [Fact]
    public void Pick_NoSuchSubsetAndNoFallback_GivesNone()
    {
        UpstreamSnapshot upstream = Put("\"subset\":{" + ByVersion + ",\"fallback_policy\":\"none\"}");

        Pick(upstream).ShouldBeNull();
        Pick(upstream, Version("v3")).ShouldBeNull();
        Pick(upstream, Version("v1")).ShouldNotBeNull();
    }

    [Fact]
    public void Pick_OnlyNodeOfAnotherSubset_IsNotGiven()
    {
        _gateway.Put(
            ("upstreams/1", "{\"nodes\":[{\"host\":\"10.0.0.1\",\"weight\":1,\"metadata\":{\"version\":\"v1\"}}],\"subset\":{" + ByVersion + ",\"fallback_policy\":\"none\"}}"),
            ("routes/a", """{"uri":"/a","upstream_id":"1"}"""));
        UpstreamSnapshot upstream = _gateway.Upstream("/a");

        Pick(upstream, Version("v1")).ShouldNotBeNull();
        Pick(upstream, Version("v2")).ShouldBeNull();
    }

    [Theory]
    [InlineData("\"any\"", new[] { 10, 10, 0, 0, 10 })]
    [InlineData("\"default\",\"default_subset\":{\"version\":\"v1\"}", new[] { 15, 15, 0, 0, 0 })]
    [InlineData("\"none\"", new[] { 0, 0, 7, 23, 0 })]
    public void Pick_SubsetAllLeftOut_CountsAsAbsentOrIsUsedWhole(string fallback, int[] counts)
    {
        UpstreamSnapshot upstream = Put("\"subset\":{" + ByVersion + ",\"fallback_policy\":" + fallback + "}");
        Exclude(upstream, 2);
        Exclude(upstream, 3);

        int[] picked = Count(upstream, 30, Version("v2"));
        for (int i = 0; i < picked.Length; i++)
            picked[i].ShouldBeInRange(counts[i] - 1, counts[i] + 1); // 30 of a cycle of 4 end inside one

        Admit(upstream, 2);
        Count(upstream, 10, Version("v2")).ShouldBe([0, 0, 10, 0, 0]);
    }

    [Fact]
    public void Pick_SubsetWithdrawn_GivesNoneWithoutFallback()
    {
        UpstreamSnapshot upstream = Put("\"subset\":{" + ByVersion + ",\"fallback_policy\":\"none\"}");
        Exclude(upstream, 2, NodeExclusions.ForcedDown);
        Exclude(upstream, 3, NodeExclusions.Draining);

        Pick(upstream, Version("v2")).ShouldBeNull();
    }

    [Fact]
    public void Pick_SeveralKeys_AllMustHold()
    {
        UpstreamSnapshot upstream = Put("\"subset\":{\"keys\":{\"version\":\"http_x_version\",\"stage\":\"arg_stage\"},\"fallback_policy\":\"none\"}");

        Count(upstream, 10, new TestRequest("a.test", "/", "stage=7").With("x-version", "v2")).ShouldBe([0, 0, 0, 10, 0]);
        Pick(upstream, Version("v2")).ShouldBeNull();
        Pick(upstream, new TestRequest("a.test", "/", "stage=7").With("x-version", "v1")).ShouldBeNull();
    }

    [Fact]
    public void Pick_SeveralKeys_ValuesAreNotRunTogether()
    {
        _gateway.Put(("upstreams/1", """
            {"nodes":[{"host":"10.0.0.1","weight":1,"metadata":{"a":"x","b":"yz"}},{"host":"10.0.0.2","weight":1,"metadata":{"a":"xy","b":"z"}}],
             "subset":{"keys":{"a":"arg_a","b":"arg_b"},"fallback_policy":"none"}}
            """), ("routes/a", """{"uri":"/a","upstream_id":"1"}"""));
        UpstreamSnapshot upstream = _gateway.Upstream("/a");

        Count(upstream, 4, new TestRequest("a.test", "/", "a=x&b=yz")).ShouldBe([4, 0]);
        Count(upstream, 4, new TestRequest("a.test", "/", "b=z&a=xy")).ShouldBe([0, 4]);
        Pick(upstream, new TestRequest("a.test", "/", "a=xyz&b=")).ShouldBeNull();
    }

    [Fact]
    public void Pick_StickyWithSubsets_SessionHoldsInsideTheSubsetOnly()
    {
        UpstreamSnapshot upstream = Put("\"sticky\":{\"cookie\":{\"name\":\"s\"}},\"subset\":{" + ByVersion + "}");
        string cookie = SetCookie(upstream, 3).Split(';')[0];

        Count(upstream, 10, Version("v2").With("cookie", cookie)).ShouldBe([0, 0, 0, 10, 0]);
        Count(upstream, 10, Version("v1").With("cookie", cookie)).ShouldBe([5, 5, 0, 0, 0]);
        Count(upstream, 10, new TestRequest("a.test", "/").With("cookie", cookie)).ShouldBe([0, 0, 0, 10, 0]);
    }

    [Fact]
    public void Pick_SubsetAllLeftOutWhereThatFails_GivesNone()
    {
        UpstreamSnapshot upstream = Put("\"fail_traffic_on_panic\":true,\"checks\":{\"active\":{}},\"subset\":{" + ByVersion + ",\"fallback_policy\":\"none\"}");
        Exclude(upstream, 2);
        Exclude(upstream, 3);

        Pick(upstream, Version("v2")).ShouldBeNull();
        Pick(upstream, Version("v1")).ShouldNotBeNull();
    }

    [Fact]
    public void Pick_SessionsNodeWarmsUp_SessionStaysAndOthersKeepAway()
    {
        UpstreamSnapshot upstream = Put("\"warm_up_conf\":{\"slow_start_time_seconds\":60,\"min_weight_percent\":1},\"sticky\":{\"cookie\":{\"name\":\"s\"}},\"subset\":{" + ByVersion + "}");
        upstream.Nodes[3].State.Share.Set(PickShareCause.Trial, 0);

        Count(upstream, 50, Version("v2").With("cookie", SetCookie(upstream, 3).Split(';')[0])).ShouldBe([0, 0, 0, 50, 0]);
        Count(upstream, 50, Version("v2")).ShouldBe([0, 0, 50, 0, 0]);
    }

    [Fact]
    public void Pick_HigherPriorityOfTheSubsetWarmsUp_LowerOnesGetNothing()
    {
        UpstreamSnapshot upstream = _gateway.PutUpstream("""
            {"nodes":[{"host":"10.0.0.1","weight":1,"metadata":{"version":"v1"}},{"host":"10.0.0.2","weight":1,"priority":1,"metadata":{"version":"v1"}}],
             "warm_up_conf":{"slow_start_time_seconds":60,"min_weight_percent":1},"subset":{"keys":{"version":"http_x_version"},"fallback_policy":"none"}}
            """);
        upstream.Nodes[1].State.Share.Set(PickShareCause.Trial, 0);

        Count(upstream, 30, Version("v1")).ShouldBe([0, 30]);
    }

    [Fact]
    public void Apply_EditThatKeepsTheSubsets_KeepsTheirTurns()
    {
        UpstreamSnapshot upstream = Put("\"subset\":{" + ByVersion + "}");
        Pick(upstream, Version("v1")).ShouldBeSameAs(upstream.Nodes[0]);

        upstream = Put("\"subset\":{" + ByVersion + ",\"fallback_policy\":\"none\"},\"retries\":1");

        Pick(upstream, Version("v1")).ShouldBeSameAs(upstream.Nodes[1]);
    }

    [Fact]
    public void Pick_FoundOrNot_AllocatesNothing()
    {
        UpstreamSnapshot upstream = Put("\"subset\":{" + ByVersion + "}");
        TestRequest[] requests = [AnyRequest, Version("v1"), Version("v3")];

        Allocation.Of(() => Run(upstream, requests, 10_000)).ShouldBe(0);
    }

    private static void Run(UpstreamSnapshot upstream, TestRequest[] requests, int times)
    {
        for (int i = 0; i < times; i++)
        {
            TriedNodes none = default;
            var context = new PickContext(in none, requests[i % requests.Length]);
            upstream.Pick(ref context);
        }
    }

    private static TestRequest Version(string version) => new TestRequest("a.test", "/").With("x-version", version);

    /// <summary>Two nodes of v1, two of v2 with weights 1 and 3, one of none.</summary>
    private UpstreamSnapshot Put(string more)
    {
        return _gateway.PutUpstream($$$"""
            {"nodes":[
              {"host":"10.0.0.1","weight":1,"metadata":{"version":"v1"}},
              {"host":"10.0.0.2","weight":1,"metadata":{"version":"v1","stage":8}},
              {"host":"10.0.0.3","weight":1,"metadata":{"version":"v2"}},
              {"host":"10.0.0.4","weight":3,"metadata":{"stage":7,"version":"v2","tags":["x"]}},
              {"host":"10.0.0.5","weight":1}],{{{more}}}}
            """);
    }
}
