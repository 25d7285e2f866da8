using System.Globalization;
using Headgate.Core.Routing;
using Headgate.Testing;
using static Headgate.Core.Tests.Routing.RouteMaking;

namespace Headgate.Core.Tests.Routing;

public class RouteTableCostTests
{
    private static readonly RouteTable TenThousand = MixedRoutes.Table(10_000);

    [Fact]
    public void Match_MixedKinds_LooksAtAsMuchInTenThousandAsInAHundred()
    {
        (int nodesFew, int triedFew) = Most(MixedRoutes.Table(100), 100, 1);
        (int nodesMany, int triedMany) = Most(TenThousand, 10_000, 7);

        // One of the tenants' routes was filed by arg_v before the tenants were known to differ more; requests of the others try it too.
        triedFew.ShouldBeLessThanOrEqualTo(2);
        triedMany.ShouldBeLessThanOrEqualTo(2);
        // Nodes grow with the forks on the way: two more digits are at most two more forks for host and for path each.
        nodesMany.ShouldBeLessThanOrEqualTo(nodesFew + 4);
        nodesMany.ShouldBeLessThanOrEqualTo(24);
    }

    [Fact]
    public void Match_SamePathManyDemands_TriesOnlyWhatTheValueLeadsTo()
    {
        // The first equality is the same for all: the index must file by the other one.
        RouteTable table = RouteTable.Create(Enumerable.Range(0, 10_000).Select(i =>
            Route($"{i}", "/a", vars: $"[[\"http_env\",\"==\",\"live\"],[\"cookie_user\",\"==\",\"u{i}\"],[\"arg_n\",\">\",3]]")));
        var context = new MatchContext(new TestRequest("h", "/a", "n=4").With("env", "live").With("cookie", "x=1; user=u7777"));

        table.Match(ref context)!.Config.Id.ShouldBe("7777");
        context.CandidatesTried.ShouldBeLessThanOrEqualTo(16);
    }

    [Fact]
    public void Match_SamePathOnlyAddresses_TriesOneAfterAnother()
    {
        // What docs/reference/matching.md says of routes that the index cannot tell apart.
        RouteTable table = RouteTable.Create(Enumerable.Range(0, 1000).Select(i =>
            Route(i.ToString("d4", CultureInfo.InvariantCulture), ["/a"], addresses: [$"10.0.{i / 250}.{i % 250}"])));
        var context = new MatchContext(new TestRequest("h", "/a", clientAddress: "10.0.3.249"));

        table.Match(ref context)!.Config.Id.ShouldBe("0999");
        context.CandidatesTried.ShouldBe(1000);
    }

    [Fact]
    public void Match_HundredThousandMixed_AllocatesNothing()
    {
        RouteTable table = TenThousand
            .Add(Route("cookie", "/odd/*", vars: "[[\"cookie_user\",\"in\",[\"ann\",\"bob\"]],[\"arg_note\",\"~*\",\"^(WORD )+END$\"]]"))
            .Add(Route("address", ["/odd/*"], addresses: ["2001:db8::/32"], vars: Vars("[[\"http_x_real_ip\",\"ipmatch\",[\"10.0.0.0/8\"]],[\"remote_port\",\">\",1024]]")))
            .Add(Route("back", "/odd/*", vars: "[\"OR\",[\"http_x\",\"~~\",\"^(a)\\\\1$\"],[\"remote_addr\",\"~~\",\"^2001:db8::7$\"]]"));
        TestRequest[] requests =
        [
            .. Enumerable.Range(0, 997).Select(i => MixedRoutes.RequestFor(i * 7)),
            new TestRequest("h", "/odd/1", "note=" + string.Concat(Enumerable.Repeat("word%20", 100)) + "end").With("cookie", "a=b; user=bob"),
            new TestRequest("h", "/odd/2", clientAddress: "2001:db8::1").With("x-real-ip", "10.2.3.4"),
            new TestRequest("h", "/odd/3", clientAddress: "2001:db8::7").With("x", new string('a', 300)),
        ];
        foreach (TestRequest request in requests)
            table.Match(request).ShouldNotBeNull();

        Allocation.Of(() =>
        {
            for (int i = 0; i < 100_000; i++)
                table.Match(requests[i % requests.Length]);
        }).ShouldBe(0);
    }

    [Theory]
    [InlineData("mixed")]
    [InlineData("one host")]
    [InlineData("one path, variables")]
    [InlineData("one path, addresses")]
    public void Replace_AmongTenThousand_CopiesOnlyTheWay(string shape)
    {
        RouteSnapshot Make(int i) => shape switch
        {
            "mixed" => MixedRoutes.At(i),
            "one host" => Route($"{i}", $"/service/{i}/*", "only.test"),
            "one path, variables" => Route($"{i}", "/a", vars: $"[[\"arg_v\",\"==\",\"{i}\"]]"),
            _ => Route($"{i}", ["/a"], addresses: [$"10.0.{i / 250}.{i % 250}"]),
        };

        RouteTable table = RouteTable.Create(Enumerable.Range(0, 10_000).Select(Make));
        for (int i = 0; i < 10_000; i += 997)
        {
            RouteSnapshot old = Make(i);
            RouteSnapshot route = Make(i);
            long before = GC.GetAllocatedBytesForCurrentThread();
            RouteTable edited = table.Replace(old, route);
            long copied = GC.GetAllocatedBytesForCurrentThread() - before;

            // The whole table is some megabytes. One way is a few dozen nodes of at most 256 children; twice, for Remove and Add.
            copied.ShouldBeLessThan(40_000);
            edited.NodesNotSharedForTest(table).ShouldBeLessThan(40);
            edited.Count.ShouldBe(10_000);
        }
    }

    private static (int Nodes, int Tried) Most(RouteTable table, int count, int step)
    {
        (int nodes, int tried) = (0, 0);
        for (int i = 0; i < count; i += step)
        {
            var context = new MatchContext(MixedRoutes.RequestFor(i));
            table.Match(ref context)!.Config.Id.ShouldBe($"{i}");
            (nodes, tried) = (Math.Max(nodes, context.NodesVisited), Math.Max(tried, context.CandidatesTried));
        }

        return (nodes, tried);
    }
}
