using System.Diagnostics;
using System.Globalization;
using Headgate.Core.Routing;
using Headgate.Core.Tests.Routing;
using Headgate.Testing;

namespace Headgate.Micro.Routing;

/// <summary>
/// Nanoseconds per match and per edit among 1, 4, 100 and 10,000 routes, and what matches allocate. Four is the first size with all kinds of
/// routes in it: the ratios are to that one. The sizes take turns, and
/// the median of the turns counts, so that a slow spell of the machine hits all alike; compare the ratios, not the figures.
/// </summary>
internal static class RouteMatchingBenchmark
{
    private const int Turns = 15;
    private const int Requests = 1000;
    private static readonly int[] Sizes = [1, 4, 100, 10_000];

    /// <summary>Runs and prints a table.</summary>
    public static void Run()
    {
        var clock = Stopwatch.StartNew();
        RouteTable cold = MixedRoutes.Table(10_000);
        Print($"first start: {cold.Count} routes made, parsed and compiled in {clock.Elapsed.TotalMilliseconds:f0} ms (code cold)");
        RouteSnapshot[] made = [.. Enumerable.Range(0, 10_000).Select(MixedRoutes.At)];
        clock.Restart();
        RouteTable warm = RouteTable.Create(made);
        Print($"{warm.Count} routes compiled and added in {clock.Elapsed.TotalMilliseconds:f0} ms");

        RouteTable[] tables = [.. Sizes.Select(MixedRoutes.Table)];
        // The same number of distinct requests for each size: the caches of the processor are part of the cost that 10,000 routes have.
        TestRequest[][] requests = [.. Sizes.Select(size => Enumerable.Range(0, Requests).Select(i => MixedRoutes.RequestFor(i * 37 % size)).ToArray())];
        double[][] match = [.. Sizes.Select(_ => new double[Turns])];
        double[][] edit = [.. Sizes.Select(_ => new double[Turns])];
        long allocated = 0;
        long warmUp = 0;
        for (int turn = -3; turn < Turns; turn++)
        {
            for (int i = 0; i < Sizes.Length; i++)
            {
                int size = Sizes[i];
                double matchNs = Match(tables[i], requests[i], ref turn < 0 ? ref warmUp : ref allocated);
                double editNs = Edit(tables[i], e => e * 37 % size);
                if (turn >= 0)
                    (match[i][turn], edit[i][turn]) = (matchNs, editNs);
            }
        }

        Print($"{"routes",8} {"ns/match",10} {"ratio",7} {"ns/edit",10} {"ratio",7}");
        for (int i = 0; i < Sizes.Length; i++)
        {
            (double m, double e) = (Median(match[i]), Median(edit[i]));
            Print($"{Sizes[i],8} {m,10:f0} {m / Median(match[1]),7:f2} {e,10:f0} {e / Median(edit[1]),7:f2}");
        }

        foreach (int kind in (int[])[0, 1, 2, 3])
        {
            TestRequest[] some = [.. Enumerable.Range(0, Requests).Select(i => MixedRoutes.RequestFor((i * 8) + kind))];
            Match(tables[^1], some, ref warmUp); // a regular expression makes its runner at its first match
            double few = Match(tables[1], [MixedRoutes.RequestFor(kind)], ref allocated);
            double many = Enumerable.Range(0, Turns).Select(_ => Match(tables[^1], some, ref allocated)).Order().ElementAt(Turns / 2);
            double edits = Enumerable.Range(0, Turns).Select(_ => Edit(tables[^1], i => (i * 8) + kind)).Order().ElementAt(Turns / 2);
            Print($"kind {kind}: match {few:f0} -> {many:f0} ns, edit {edits:f0} ns");
        }

        Print($"allocated by all matches: {allocated} bytes");
    }

    private static double Match(RouteTable table, TestRequest[] requests, ref long allocated)
    {
        const int Rounds = 100;
        var clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        int found = 0;
        for (int round = 0; round < Rounds; round++)
        {
            foreach (TestRequest request in requests)
                found += table.Match(request) is null ? 0 : 1;
        }

        clock.Stop();
        allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        return found == Rounds * requests.Length
            ? clock.Elapsed.TotalNanoseconds / found
            : throw new InvalidOperationException("a request found no route");
    }

    private static double Edit(RouteTable table, Func<int, int> pick)
    {
        const int Edits = 1000;
        RouteSnapshot[] routes = [.. Enumerable.Range(0, Edits).Select(i => MixedRoutes.At(pick(i)))];
        foreach (RouteSnapshot route in routes)
            table.Replace(route, route);
        var clock = Stopwatch.StartNew();
        foreach (RouteSnapshot route in routes)
            table = table.Replace(route, route);
        return clock.Elapsed.TotalNanoseconds / Edits;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
