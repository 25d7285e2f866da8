using System.Text;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Tests.LoadBalancing;
using Headgate.Core.Upstreams;
using Headgate.Testing;
using static Headgate.Core.Tests.Snapshot.Picking;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>Which node a request of a session gets, and what its cookie is.</summary>
public sealed class StickyPickTests : IDisposable
{
    private const string Sticky = "\"sticky\":{\"cookie\":{\"name\":\"s\"}}";
    private readonly Gateway _gateway = new(new BalancingSettings(null, "one key"u8.ToArray()));

    public static TheoryData<string> Policies => PolicyContractTests.Policies;

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [MemberData(nameof(Policies))]
    public void Pick_WithACookie_GivesItsNodeWhateverThePolicyAndPriority(string type)
    {
        UpstreamSnapshot upstream = Put($"\"type\":\"{type}\",\"key\":\"remote_addr\"," + Sticky);

        for (int node = 0; node < 4; node++)
        {
            TestRequest request = OfSession(upstream, node);
            for (int i = 0; i < 20; i++)
                Pick(upstream, request).ShouldBeSameAs(upstream.Nodes[node]);
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Pick_SessionsNodeTried_ThePolicyPicksAnother(string type)
    {
        UpstreamSnapshot upstream = Put($"\"type\":\"{type}\",\"key\":\"remote_addr\"," + Sticky);

        NodeSnapshot next = Pick(upstream, OfSession(upstream, 1), 1).ShouldNotBeNull();

        next.Index.ShouldBeOneOf(0, 2);
        Pick(upstream, OfSession(upstream, 1), 0, 1, 2, 3).ShouldBeNull();
    }

    [Fact]
    public void Pick_SessionsNodeLeftOut_AnotherUntilItComesBack()
    {
        UpstreamSnapshot upstream = Put(Sticky);
        TestRequest request = OfSession(upstream, 2);

        Exclude(upstream, 2);
        Count(upstream, 10, request)[2].ShouldBe(0);
        Admit(upstream, 2);
        Count(upstream, 10, request).ShouldBe([0, 0, 10, 0]);
    }

    [Fact]
    public void Pick_NoNodeUsable_SessionsStayOnTheirNodes()
    {
        UpstreamSnapshot upstream = Put(Sticky);
        for (int i = 0; i < 4; i++)
            Exclude(upstream, i);

        Count(upstream, 10, OfSession(upstream, 2)).ShouldBe([0, 0, 10, 0]);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(",\"keep_while_draining\":true", true)]
    public void Pick_SessionsNodeDraining_StaysOnlyWhenAskedFor(string more, bool stays)
    {
        UpstreamSnapshot upstream = Put("\"sticky\":{\"cookie\":{\"name\":\"s\"}" + more + "}");
        TestRequest request = OfSession(upstream, 1);

        Exclude(upstream, 1, NodeExclusions.Draining);
        Count(upstream, 10, request)[1].ShouldBe(stays ? 10 : 0);
        Count(upstream, 10)[1].ShouldBe(0);
        Exclude(upstream, 1);
        Count(upstream, 10, request)[1].ShouldBe(0); // ejected as well
        Admit(upstream, 1);
        Exclude(upstream, 1, NodeExclusions.ForcedDown);
        Count(upstream, 10, request)[1].ShouldBe(0);
    }

    [Fact]
    public void Pick_AllNodesDraining_OnlySessionsGoOn()
    {
        UpstreamSnapshot upstream = Put("\"sticky\":{\"cookie\":{\"name\":\"s\"},\"keep_while_draining\":true}");
        for (int i = 0; i < 4; i++)
            Exclude(upstream, i, NodeExclusions.Draining);

        Pick(upstream).ShouldBeNull();
        Pick(upstream, OfSession(upstream, 3)).ShouldBeSameAs(upstream.Nodes[3]);
    }

    [Fact]
    public void Pick_OnlyNode_IsGivenUnlessWithdrawn()
    {
        _gateway.Put(
            ("upstreams/1", "{\"nodes\":{\"10.0.0.1:80\":1},\"sticky\":{\"cookie\":{},\"keep_while_draining\":true}}"), ("routes/a", """{"uri":"/a","upstream_id":"1"}"""));
        UpstreamSnapshot upstream = _gateway.Upstream("/a");

        Pick(upstream).ShouldBeSameAs(upstream.Nodes[0]);
        Exclude(upstream, 0);
        Pick(upstream).ShouldBeSameAs(upstream.Nodes[0]);
        Admit(upstream, 0);
        Exclude(upstream, 0, NodeExclusions.Draining);
        Pick(upstream).ShouldBeNull();
        Pick(upstream, OfSession(upstream, 0)).ShouldBeSameAs(upstream.Nodes[0]);
        Exclude(upstream, 0, NodeExclusions.ForcedDown);
        Pick(upstream, OfSession(upstream, 0)).ShouldBeNull();
    }

    [Theory]
    [InlineData("s=0123456789abcdef")]
    [InlineData("s=")]
    [InlineData("s=10.0.0.1:80")]
    [InlineData("s=\"{0}\"")]
    [InlineData("s={0}0")]
    [InlineData("S={0}")]
    [InlineData("xs={0}")]
    [InlineData("a=1,s={0}")]
    [InlineData("s=bad; s={0}")]
    public void Pick_CookieThatIsNotOurs_ThePolicyPicksAndItIsReplaced(string cookie)
    {
        UpstreamSnapshot upstream = Put(Sticky);
        string value = SetCookie(upstream, 3).Split(';')[0]["s=".Length..];
        TestRequest request = new TestRequest("a.test", "/").With("cookie", cookie.Replace("{0}", value, StringComparison.Ordinal));

        Count(upstream, 30, request).ShouldBe([10, 10, 10, 0]);
        upstream.Policies!.Sticky!.CookieFor(request, upstream.Nodes[3]).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("a=b; {0}; c=d")]
    [InlineData("a=b;\t{0} ;c")]
    [InlineData(";;={0};{0}")]
    public void CookieFor_RequestThatHasIt_IsNone(string cookie)
    {
        UpstreamSnapshot upstream = Put(Sticky);
        TestRequest request = new TestRequest("a.test", "/").With("cookie", cookie.Replace("{0}", SetCookie(upstream, 3).Split(';')[0], StringComparison.Ordinal));

        upstream.Policies!.Sticky!.CookieFor(request, upstream.Nodes[3]).ShouldBeNull();
        upstream.Policies!.Sticky!.CookieFor(request, upstream.Nodes[2]).ShouldNotBeNull();
        Pick(upstream, request).ShouldBeSameAs(upstream.Nodes[3]);
    }

    [Theory]
    [InlineData("{\"name\":\"s\"}", "; Path=/; HttpOnly")]
    [InlineData("{\"name\":\"s\",\"http_only\":false}", "; Path=/")]
    [InlineData("{\"name\":\"s\",\"path\":\"/shop\",\"domain\":\"shop.test\",\"max_age\":3600,\"secure\":true,\"same_site\":\"none\"}", "; Path=/shop; Domain=shop.test; Max-Age=3600; Secure; HttpOnly; SameSite=None")]
    public void SetCookie_Attributes_AreThoseWritten(string cookie, string attributes)
    {
        UpstreamSnapshot upstream = Put("\"sticky\":{\"cookie\":" + cookie + "}");

        SetCookie(upstream, 0).ShouldMatch("^s=[0-9a-f]{16}; ");
        SetCookie(upstream, 0)[18..].ShouldBe(attributes);
    }

    [Fact]
    public void SetCookie_NameNotWritten_DiffersByUpstream()
    {
        UpstreamSnapshot one = Put("\"sticky\":{\"cookie\":{}}");
        _gateway.Put(("upstreams/2", Json("\"sticky\":{\"cookie\":{}}")), ("routes/2", """{"uri":"/2","upstream_id":"2"}"""));

        SetCookie(one, 0).ShouldMatch("^node-[0-9a-f]{8}=[0-9a-f]{16}; ");
        SetCookie(_gateway.Upstream("/2"), 0).Split('=')[0].ShouldNotBe(SetCookie(one, 0).Split('=')[0]);
    }

    [Fact]
    public void SetCookie_SameKey_IsTheSameInEveryGatewayAndAfterEveryEdit()
    {
        using var other = new Gateway(new BalancingSettings("zone", "one key"u8.ToArray()));
        using var stranger = new Gateway(new BalancingSettings(null, "another key"u8.ToArray()));
        string cookie = SetCookie(Put(Sticky), 1);

        SetCookie(Put(Sticky + ",\"type\":\"random\",\"retries\":1"), 1).ShouldBe(cookie);
        SetCookie(Put(Sticky, other), 1).ShouldBe(cookie);
        SetCookie(Put(Sticky, stranger), 1).ShouldNotBe(cookie);
        cookie.ShouldNotContain("10.0.0");
        cookie.ShouldNotContain(Convert.ToHexStringLower(Encoding.ASCII.GetBytes("10.0.0.2")));
    }

    [Fact]
    public void Apply_NodesComeAndGo_SessionsOfTheOthersStay()
    {
        UpstreamSnapshot before = Put(Sticky);
        TestRequest request = OfSession(before, 2);

        _gateway.Put("upstreams/1", """{"nodes":{"10.0.0.9:80":1,"10.0.0.3:80":1,"10.0.0.8:80":1},"sticky":{"cookie":{"name":"s"}}}""");
        UpstreamSnapshot after = _gateway.Upstream("/a");

        Count(after, 10, request).ShouldBe([0, 10, 0]);
        Pick(after, OfSession(before, 0)).ShouldNotBeNull();
    }

    [Fact]
    public void Pick_AndCookie_AllocateNothing()
    {
        UpstreamSnapshot upstream = Put(Sticky);
        TestRequest[] requests = [AnyRequest, OfSession(upstream, 1), OfSession(upstream, 2)];

        Allocation.Of(() => Run(upstream, requests, 10_000)).ShouldBe(0);
    }

    private static void Run(UpstreamSnapshot upstream, TestRequest[] requests, int times)
    {
        for (int i = 0; i < times; i++)
        {
            TriedNodes none = default;
            TestRequest request = requests[i % requests.Length];
            var context = new PickContext(in none, request);
            upstream.Policies!.Sticky!.CookieFor(request, upstream.Pick(ref context)!);
        }
    }

    private static string Json(string more) =>
        "{\"nodes\":[" + string.Join(',', Enumerable.Range(1, 4).Select(i => $"{{\"host\":\"10.0.0.{i}\",\"port\":80,\"weight\":1,\"priority\":{(i == 4 ? -1 : 0)}}}")) + "]," + more + "}";

    /// <summary>Three nodes, and a fourth that is for when they are gone.</summary>
    private UpstreamSnapshot Put(string more, Gateway? gateway = null)
    {
        return (gateway ?? _gateway).PutUpstream(Json(more));
    }
}
