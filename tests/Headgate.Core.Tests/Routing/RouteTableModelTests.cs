using Headgate.Core.Routing;
using Headgate.Testing;

namespace Headgate.Core.Tests.Routing;

public class RouteTableModelTests
{
    /// <summary>200 × 20 edits × 30 requests a row, each asked of the newest table, and of an old one: 240,000 comparisons.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Match_RandomRoutesAndEdits_AsTheReferenceSays(bool crowded)
    {
        int matched = 0;
        for (int round = 0; round < 200; round++)
        {
            int seed = TestSeed.Value + round;
            var random = new RandomRoutes(seed);
            var routes = new Dictionary<string, RouteSnapshot>();
            RouteTable table = RouteTable.Empty;
            var versions = new List<(RouteTable Table, RouteSnapshot[] Routes)>();
            for (int edit = 0; edit < 20; edit++)
            {
                for (int step = crowded ? 5 : 2; step > 0; step--)
                    table = Edit(random, routes, table, crowded);
                versions.Add((table, [.. routes.Values]));
                table.Count.ShouldBe(routes.Values.Count(route => route.Config.Enabled), $"HEADGATE_SEED={seed}");
                for (int i = 0; i < 30; i++)
                {
                    Sample sample = random.Request(crowded);
                    matched += Compare(versions[^1], sample, seed);
                    matched += Compare(versions[random.Below(versions.Count)], sample, seed);
                }
            }

            foreach (RouteSnapshot route in routes.Values)
                table = table.Remove(route);
            table.Count.ShouldBe(0, $"HEADGATE_SEED={seed}");
            table.NodesNotSharedForTest(RouteTable.Empty).ShouldBe(0, $"HEADGATE_SEED={seed}");
        }

        matched.ShouldBeGreaterThan(50_000, "most requests should match something, or this tests little");
    }

    private static RouteTable Edit(RandomRoutes random, Dictionary<string, RouteSnapshot> routes, RouteTable table, bool crowded)
    {
        string id = $"{random.Below(crowded ? 120 : 40)}";
        RouteSnapshot? old = routes.GetValueOrDefault(id);
        RouteSnapshot? route = old is not null && random.Chance(40) ? null : random.Next(id, crowded);
        if (route is null)
            routes.Remove(id);
        else
            routes[id] = route;
        return table.Replace(old, route);
    }

    private static int Compare((RouteTable Table, RouteSnapshot[] Routes) version, Sample sample, int seed)
    {
        RouteSnapshot? expected = ReferenceMatcher.Match(version.Routes, sample);
        RouteSnapshot? actual = version.Table.Match(sample.ToRequest());
        if (!ReferenceEquals(expected, actual))
            Assert.Fail($"HEADGATE_SEED={seed}: {sample} {string.Join(" ", sample.Variables)}: expected {expected?.Config} {expected?.Config.Vars}, got {actual?.Config}");
        return actual is null ? 0 : 1;
    }
}
