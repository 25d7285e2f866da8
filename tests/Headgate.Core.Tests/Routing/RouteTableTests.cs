using Headgate.Core.Routing;
using Headgate.Testing;
using static Headgate.Core.Tests.Routing.RouteMaking;

namespace Headgate.Core.Tests.Routing;

public class RouteTableTests
{
    [Theory]
    [InlineData("/a", "/a", true)]
    [InlineData("/a", "/a/", false)]
    [InlineData("/a", "/A", false)]
    [InlineData("/a", "/ab", false)]
    [InlineData("/ab", "/a", false)]
    [InlineData("/a/*", "/a/", true)]
    [InlineData("/a/*", "/a/b/c", true)]
    [InlineData("/a/*", "/a", false)]
    [InlineData("/a/*", "/ab", false)]
    [InlineData("/a*", "/a", true)]
    [InlineData("/a*", "/abc/d", true)]
    [InlineData("/*", "/", true)]
    [InlineData("/*", "*", false)]
    [InlineData("*", "*", true)]
    [InlineData("*", "/x", true)]
    [InlineData("/é/*", "/é/x", true)]
    [InlineData("/a/*/c", "/a/b/c", true)]
    [InlineData("/a/*/c", "/a/b/x/c", true)]
    [InlineData("/a/*/c", "/a//c", true)]
    [InlineData("/a/*/c", "/a/c", false)]
    [InlineData("/a/*/c", "/a/b/d", false)]
    [InlineData("/a/*/c/*/e", "/a/b/c/d/e", true)]
    [InlineData("/a/*/c/*/e", "/a/b/d/e", false)]
    [InlineData("/a/*/c/*", "/a/b/c/", true)]
    [InlineData("/a/*/", "/a/b/", true)]
    [InlineData("/a/*/", "/a/b", false)]
    [InlineData("/a/*name/c", "/a/b/c", true)]
    [InlineData("/a/b*/c", "/a/bx", true)] // no segment begins with the asterisk: APISIX looks at nothing after it
    public void Match_Path_FollowsItsForm(string uri, string path, bool matches)
    {
        RouteTable table = RouteTable.Empty.Add(Route("1", uri));
        (table.Match(new TestRequest("a.test", path)) is not null).ShouldBe(matches);
    }

    [Theory]
    [InlineData("a.test", "a.test", true)]
    [InlineData("A.Test", "a.test", true)]
    [InlineData("a.test", "b.a.test", false)]
    [InlineData("a.test", "test", false)]
    [InlineData("*.a.test", "b.a.test", true)]
    [InlineData("*.A.TEST", "c.b.a.test", true)]
    [InlineData("*.a.test", "a.test", false)]
    [InlineData("*.a.test", "ba.test", false)]
    [InlineData("*a.test", "ba.test", true)]
    [InlineData("*a.test", "a.test", true)]
    [InlineData("*", "a.test", true)]
    [InlineData("*", "", true)]
    [InlineData("a.test", "", false)]
    [InlineData("[::1]", "[::1]", true)]
    [InlineData(null, "", true)]
    [InlineData(null, "a.test", true)]
    public void Match_Host_FollowsItsForm(string? routeHost, string host, bool matches)
    {
        RouteTable table = RouteTable.Empty.Add(Route("1", "/*", routeHost));
        (table.Match(new TestRequest(host, "/")) is not null).ShouldBe(matches);
    }

    [Theory]
    [InlineData("x.b.a.test", "/p/q", "exact host")]
    [InlineData("y.b.a.test", "/p/q", "long wildcard")]
    [InlineData("y.a.test", "/p/q", "short wildcard")]
    [InlineData("other", "/p/q", "any wildcard")]
    [InlineData("x.b.a.test", "/none", "no host")] // none of the more specific hosts has that path
    [InlineData("x.b.a.test", "/w", "long wildcard w")]
    public void Match_SeveralHosts_MostSpecificFirst(string host, string path, string expected)
    {
        RouteTable table = RouteTable.Create([
            Route("no host", "/*"),
            Route("any wildcard", "/p/q", "*"),
            Route("short wildcard", "/p/q", "*.a.test"),
            Route("long wildcard", "/p/q", "*.b.a.test"),
            Route("long wildcard w", "/w", "*.b.a.test"),
            Route("exact host", "/p/q", "x.b.a.test"),
        ]);
        table.Match(new TestRequest(host, path))!.Config.Id.ShouldBe(expected);
    }

    [Theory]
    [InlineData("/a/b/c", "exact")]
    [InlineData("/a/b/c/d", "/a/b/c*")]
    [InlineData("/a/b/d", "/a/b/*")]
    [InlineData("/a/c", "/a/*")]
    [InlineData("/", "/*")]
    public void Match_SeveralPaths_ExactThenLongestPrefix(string path, string expected)
    {
        RouteTable table = RouteTable.Create([
            Route("/*", "/*", priority: 100), // priority decides only among equal paths
            Route("/a/*", "/a/*"),
            Route("/a/b/*", "/a/b/*"),
            Route("/a/b/c*", "/a/b/c*"),
            Route("exact", "/a/b/c"),
        ]);
        table.Match(new TestRequest("h", path))!.Config.Id.ShouldBe(expected);
    }

    [Fact]
    public void Match_ConditionsFail_GoesOnToNextCandidatePathAndHost()
    {
        RouteTable table = RouteTable.Create([
            Route("1 never", "/a/b", "x.test", "[[\"arg_v\",\"==\",\"1\"]]", priority: 9),
            Route("2 second candidate", "/a/b", "x.test", "[[\"arg_v\",\"==\",\"2\"]]"),
            Route("3 shorter path", "/a/*", "x.test", "[[\"arg_v\",\"==\",\"3\"]]"),
            Route("4 wildcard host", "/a/b", "*.test", "[[\"arg_v\",\"==\",\"4\"]]"),
            Route("5 no host", "/*", vars: "[[\"arg_v\",\"==\",\"5\"]]"),
        ]);
        table.Match(new TestRequest("x.test", "/a/b", "v=1"))!.Config.Id.ShouldBe("1 never");
        table.Match(new TestRequest("x.test", "/a/b", "v=2"))!.Config.Id.ShouldBe("2 second candidate");
        table.Match(new TestRequest("x.test", "/a/b", "v=3"))!.Config.Id.ShouldBe("3 shorter path");
        table.Match(new TestRequest("x.test", "/a/b", "v=4"))!.Config.Id.ShouldBe("4 wildcard host");
        table.Match(new TestRequest("x.test", "/a/b", "v=5"))!.Config.Id.ShouldBe("5 no host");
        table.Match(new TestRequest("x.test", "/a/b", "v=6")).ShouldBeNull();
    }

    [Theory]
    [InlineData("10", "9", 0, 0, "10")] // ids by their bytes
    [InlineData("b", "a", 0, 0, "a")]
    [InlineData("b", "a", 1, 0, "b")]
    [InlineData("a", "b", -1, 0, "b")]
    public void Match_SamePath_PriorityThenIdDecides(string first, string second, int firstPriority, int secondPriority, string expected)
    {
        RouteSnapshot one = Route(first, "/a", priority: firstPriority);
        RouteSnapshot two = Route(second, "/a", priority: secondPriority);
        var request = new TestRequest("h", "/a");
        RouteTable.Create([one, two]).Match(request)!.Config.Id.ShouldBe(expected);
        RouteTable.Create([two, one]).Match(request)!.Config.Id.ShouldBe(expected);
    }

    [Fact]
    public void Match_Methods_OnlyTheNamedOnes()
    {
        string[] all = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE", "PURGE"];
        foreach (string named in all)
        {
            RouteTable table = RouteTable.Empty.Add(Route("1", ["/a"], methods: [named]));
            foreach (string sent in (string[])[.. all, named.ToLowerInvariant(), "BREW", ""])
                (table.Match(new TestRequest("h", "/a", method: sent)) is not null).ShouldBe(sent == named, $"{named} {sent}");
        }

        RouteTable any = RouteTable.Empty.Add(Route("1", "/a"));
        any.Match(new TestRequest("h", "/a", method: "BREW")).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.200.3.4", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.1.2.3/8", "10.9.9.9", true)]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("0.0.0.0/0", "192.0.2.2", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::1", false)]
    [InlineData("10.0.0.0/31", "::ffff:10.0.0.1", true)]
    public void Match_RemoteAddress_RangesDecide(string range, string address, bool matches)
    {
        RouteTable table = RouteTable.Empty.Add(Route("1", ["/a"], addresses: ["203.0.113.9", range]));
        (table.Match(new TestRequest("h", "/a", clientAddress: address)) is not null).ShouldBe(matches);
    }

    [Fact]
    public void Add_DisabledRoute_ChangesNothing()
    {
        RouteTable.Empty.Add(Route("1", ["/a"], enabled: false)).ShouldBeSameAs(RouteTable.Empty);
    }

    [Fact]
    public void Remove_UnknownRoute_ChangesNothing()
    {
        RouteTable table = RouteTable.Create([Route("1", "/a", "h"), Route("2", "/a")]);
        table.Remove(Route("3", "/a", "h")).ShouldBeSameAs(table);
        table.Remove(Route("3", "/b")).ShouldBeSameAs(table);
        table.Count.ShouldBe(2);
    }

    [Fact]
    public void Replace_SeveralUrisAndHosts_OldOnesGone()
    {
        RouteSnapshot old = Route("1", ["/a", "/b/*", "/b/c/*"], ["x.test", "*.y.test"]);
        RouteSnapshot route = Route("1", ["/b/*"], ["*.y.test", "z.test"]);
        RouteTable before = RouteTable.Empty.Add(old);
        RouteTable after = before.Replace(old, route);

        after.Match(new TestRequest("x.test", "/a")).ShouldBeNull();
        after.Match(new TestRequest("q.y.test", "/b/c/d")).ShouldBeSameAs(route);
        after.Match(new TestRequest("z.test", "/b/")).ShouldBeSameAs(route);
        before.Match(new TestRequest("x.test", "/a")).ShouldBeSameAs(old);
        after.Count.ShouldBe(1);
        after.Remove(route).Count.ShouldBe(0);
        after.NodesNotSharedForTest(RouteTable.Empty).ShouldBeGreaterThan(0);
        after.Remove(route).NodesNotSharedForTest(RouteTable.Empty).ShouldBe(0, "what nobody uses any more is gone from the tree");
    }

    [Fact]
    public void Match_ThousandsOfNestedPrefixes_EachFound()
    {
        // One prefix a byte, far more than one walk remembers; each demands its own argument, so that the search goes all the way up.
        const int Depth = 2000;
        RouteTable table = RouteTable.Create(Enumerable.Range(1, Depth).Select(i =>
            Route($"{i}", $"/{new string('a', i)}*", vars: $"[[\"arg_v\",\"==\",\"{i}\"]]")));
        string path = "/" + new string('a', Depth);
        foreach (int i in (int[])[1, 2, 7, 8, 9, 15, 16, 17, 999, 1999, 2000])
            table.Match(new TestRequest("h", path, $"v={i}"))!.Config.Id.ShouldBe($"{i}");
        table.Match(new TestRequest("h", path, "v=0")).ShouldBeNull();
        table.Match(new TestRequest("h", path + new string('b', 60_000), "v=3"))!.Config.Id.ShouldBe("3");
    }
}
