using System.Diagnostics;
using System.Globalization;

namespace Headgate.Store.Crasher;

/// <summary>How many durable commits a second, with values of 1,000 bytes over 10,000 keys; and how long from commit to watcher.</summary>
internal static class Measure
{
    public static async Task RunAsync(string folder, int callers, TimeSpan time)
    {
        long opening = Stopwatch.GetTimestamp();
        await using Embedded.EmbeddedStore store = await Sample.OpenAsync(folder);
        StoreView all = await store.GetAsync("", CancellationToken.None);
        Answers.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"opened at revision {all.Revision} and read {all.Entries.Count} entries in {Stopwatch.GetElapsedTime(opening).TotalMilliseconds:F0} ms"));
        await CommitAsync(store, callers, TimeSpan.FromSeconds(1)); // warm-up
        long begin = Stopwatch.GetTimestamp();
        List<double>[] latencies = await CommitAsync(store, callers, time);
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        double[] sorted = [.. latencies.SelectMany(list => list).Order()];
        Answers.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"{callers} callers: {sorted.Length / seconds:F0} commits/s; latency p50 {sorted[sorted.Length / 2]:F0} us, p99 {sorted[sorted.Length * 99 / 100]:F0} us, max {sorted[^1]:F0} us"));
        double[] watch = await MeasureWatchAsync(store, 1000);
        Answers.Print(string.Create(
            CultureInfo.InvariantCulture,
            $"answer to watcher: p50 {watch[watch.Length / 2]:F0} us, p99 {watch[watch.Length * 99 / 100]:F0} us (negative: before the caller went on)"));
    }

    private static Task<List<double>[]> CommitAsync(Embedded.EmbeddedStore store, int callers, TimeSpan time) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(caller => CallAsync(store, caller, time)));

    private static async Task<List<double>> CallAsync(Embedded.EmbeddedStore store, int caller, TimeSpan time)
    {
        await Task.Yield();
        byte[] value = new byte[1000];
        List<double> latencies = [];
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; Stopwatch.GetElapsedTime(begin) < time; i++)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"/apisix/upstreams/{((caller * 7919) + (i * 31)) % 10_000}");
            long start = Stopwatch.GetTimestamp();
            await store.CommitAsync(
                new Commit { Operations = [new Operation.Put(key, value)], Origin = new Origin("admin", "127.0.0.1", "PUT /apisix/admin/upstreams/1") },
                CancellationToken.None);
            latencies.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return latencies;
    }

    private static async Task<double[]> MeasureWatchAsync(Embedded.EmbeddedStore store, int commits)
    {
        StoreView view = await store.GetAsync("/none", CancellationToken.None);
        await using IAsyncEnumerator<StoreRevision> watch = store.WatchAsync("", view.Revision, CancellationToken.None).GetAsyncEnumerator();
        List<double> latencies = [];
        for (int i = 0; i < commits; i++)
        {
            Task<long> seen = SeeNextAsync(watch);
            await store.CommitAsync(Sample.Pair("watched", $"{i}"), CancellationToken.None);
            long answered = Stopwatch.GetTimestamp();
            latencies.Add(Stopwatch.GetElapsedTime(answered, await seen).TotalMicroseconds);
        }

        return [.. latencies.Order()];
    }

    private static async Task<long> SeeNextAsync(IAsyncEnumerator<StoreRevision> watch)
    {
        await watch.MoveNextAsync();
        return Stopwatch.GetTimestamp();
    }
}
