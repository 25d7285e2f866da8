using System.Text;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Plugins;
using Headgate.Proxy.Plugins.ProxyCache;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins.ProxyCache;

/// <summary><see cref="CacheZone"/>: its limit, and what goes first.</summary>
public sealed class CacheZoneTests
{
    private const int BodyBytes = 10_000;

    private readonly RequestEdits _request = new();

    public CacheZoneTests() => _request.Begin(new RequestHead());

    [Fact]
    public void Keep_AboveTheLimit_TakesOutWhatWasNotUsedLately()
    {
        long each = Answer("0", BodyBytes).Bytes;
        var zone = new CacheZone((3 * each) + 1);
        foreach (string key in new[] { "0", "1", "2" })
            Keep(zone, Answer(key, BodyBytes)).ShouldBeTrue();
        zone.Find("0"u8, _request).ShouldNotBeNull();
        Keep(zone, Answer("3", BodyBytes)).ShouldBeTrue();
        (zone.Find("0"u8, _request), zone.Find("1"u8, _request)).ShouldSatisfyAllConditions(found => found.Item1.ShouldNotBeNull(), found => found.Item2.ShouldBeNull());
        (zone.Count, zone.Bytes).ShouldBe((3, 3 * each));

        Keep(zone, Answer("4", BodyBytes * 4)).ShouldBeFalse("it is larger than the zone");
        zone.Count.ShouldBe(3, "nothing went for what has no room anyway");
        zone.TryReserve(each + 1).ShouldBeTrue();
        (zone.Count, zone.Bytes).ShouldBe((2, (3 * each) + 1));
        zone.TryReserve((2 * each) + 1).ShouldBeFalse();
        zone.Release(each + 1);
        zone.Bytes.ShouldBe(zone.Count * each);
    }

    [Fact]
    public void Keep_OfARequestFromBeforeARemoval_KeepsNothing()
    {
        var zone = new CacheZone(1 << 20);
        int removals = zone.RemovalsOf("0"u8);
        zone.Remove("0"u8.ToArray()).ShouldBeFalse();
        zone.TryReserve(100).ShouldBeTrue();
        zone.Keep(Answer("0", 100), _request, 100, removals).ShouldBeFalse();
        (zone.Find("0"u8, _request), zone.Bytes).ShouldBe((null, 0));
    }

    [Fact]
    public void Keep_SameRequest_Replaces()
    {
        var zone = new CacheZone(1 << 20);
        CachedAnswer second = Answer("0", 200);
        Keep(zone, Answer("0", 100)).ShouldBeTrue();
        Keep(zone, second).ShouldBeTrue();
        (zone.Find("0"u8, _request), zone.Count, zone.Bytes).ShouldBe((second, 1, second.Bytes));
    }

    [Fact]
    public async Task ManyThreads_NeverMoreThanTheLimit_AndNothingIsLost()
    {
        const int Limit = 200_000;
        var zone = new CacheZone(Limit);
        int seed = TestSeed.Value;
        using var done = new CancellationTokenSource();
        long most = 0;
        Task watch = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
                most = Math.Max(most, zone.Bytes);
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            var random = new Random(seed + thread);
            for (int i = 0; i < 20_000; i++)
                Act(zone, random);
        })));
        await done.CancelAsync();
        await watch;
        most.ShouldBeInRange(1, Limit);
        for (int key = 0; key < 50; key++)
            zone.Remove(Encoding.ASCII.GetBytes($"{key}"));
        (zone.Count, zone.Bytes).ShouldBe((0, 0));
    }

    private void Act(CacheZone zone, Random random)
    {
        string key = $"{random.Next(50)}";
        byte[] bytes = Encoding.ASCII.GetBytes(key);
        switch (random.Next(10))
        {
            case 0:
                zone.Remove(bytes);
                break;
            case < 4:
                int removals = zone.RemovalsOf(bytes);
                int size = random.Next(1, 20_000);
                if (zone.TryReserve(size))
                    zone.Keep(Answer(key, size), _request, size, removals);
                break;
            default:
                if (zone.Find(bytes, _request) is { } found)
                    found.Key.ShouldBe(bytes);
                break;
        }
    }

    private bool Keep(CacheZone zone, CachedAnswer answer) => zone.Keep(answer, _request, 0, zone.RemovalsOf(answer.Key));

    private static CachedAnswer Answer(string key, int bytes) => new()
    {
        Key = Encoding.ASCII.GetBytes(key),
        Head = new ResponseHead(),
        Body = new byte[bytes],
        Vary = [],
        Life = new CacheLife(0, default, TimeSpan.FromHours(1), MustRevalidate: false),
    };
}
