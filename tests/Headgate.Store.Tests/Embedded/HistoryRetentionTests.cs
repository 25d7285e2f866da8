using System.Globalization;
using Headgate.Store.Embedded;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Store.Tests.Embedded;

public sealed class HistoryRetentionTests : IAsyncLifetime
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    private readonly TempFolder _folder = TempFolder.OnDisk();
    private readonly ManualTimeProvider _time = new();
    private EmbeddedStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Start_OldRevisions_AreDropped_EntriesAndTheRestStay()
    {
        await WriteAsync("/old", 250);
        await _store.PutAsync(("/kept", "written once, long ago"));
        _time.Advance(TimeSpan.FromDays(20));
        await WriteAsync("/recent", 3);
        _time.Advance(TimeSpan.FromDays(20));

        using HistoryRetention retention = await StartAsync(Month);
        await Eventually.HoldsAsync(async () => await CountAsync("/old") == 0, "the old history is gone");

        (await CountAsync("/kept")).ShouldBe(0);
        (await CountAsync("/recent")).ShouldBe(3);
        (await _store.ReadAllAsync()).ShouldBe(new Dictionary<string, string> { ["/old"] = "250", ["/kept"] = "written once, long ago", ["/recent"] = "3" }, ignoreOrder: true);
        await retention.StopAsync(Token);

        // Opening looks whether entries and history belong together.
        await _store.DisposeAsync();
        _store = await OpenAsync();
        (await _store.PutAsync(("/after", "x"))).Revision.ShouldBe(255);
    }

    [Fact]
    public async Task EveryHour_WhatHasBecomeOld_IsDropped()
    {
        await WriteAsync("/a", 2);
        using HistoryRetention retention = await StartAsync(Month);
        await Eventually.HoldsAsync(() => _time.ActiveTimers > 0, "the first look is over");
        (await CountAsync("/a")).ShouldBe(2);

        _time.Advance(Month);
        await WriteAsync("/b", 1);
        await Eventually.HoldsAsync(
            async () =>
            {
                _time.Advance(TimeSpan.FromMinutes(30));
                return await CountAsync("/a") == 0;
            },
            "the old history is gone");

        (await CountAsync("/b")).ShouldBe(1);
        await retention.StopAsync(Token);
        _time.ActiveTimers.ShouldBe(0);
    }

    [Fact]
    public async Task Start_KeptForEver_NothingRuns()
    {
        await WriteAsync("/a", 2);
        _time.Advance(TimeSpan.FromDays(36500));

        using HistoryRetention retention = await StartAsync(TimeSpan.Zero);

        _time.ActiveTimers.ShouldBe(0);
        await retention.StopAsync(Token);
        (await CountAsync("/a")).ShouldBe(2);
    }

    [Fact]
    public async Task CompactOlderThanAsync_Step_DropsAtMostThatManyAndNeverTheNewest()
    {
        await WriteAsync("/a", 25);
        _time.Advance(TimeSpan.FromDays(1));
        DateTimeOffset now = _time.GetUtcNow();

        (await _store.CompactOlderThanAsync(now - TimeSpan.FromDays(2), 10, Token)).ShouldBe(0);
        (await _store.CompactOlderThanAsync(now, 10, Token)).ShouldBe(10);
        (await CountAsync("/a")).ShouldBe(15);
        (await _store.CompactOlderThanAsync(now, 10, Token)).ShouldBe(10);
        (await _store.CompactOlderThanAsync(now, 10, Token)).ShouldBe(4);
        (await _store.CompactOlderThanAsync(now, 10, Token)).ShouldBe(0);
        (await CountAsync("/a")).ShouldBe(1);
    }

    [Fact]
    public async Task Start_WhileOthersWrite_EveryWriteIsAnsweredAndKept()
    {
        await WriteAsync("/old", 1_000);
        _time.Advance(Month + Month);

        using HistoryRetention retention = await StartAsync(Month);
        await WriteAsync("/new", 200);
        await Eventually.HoldsAsync(async () => await CountAsync("/old") == 0, "the old history is gone");

        (await CountAsync("/new")).ShouldBe(200);
        await retention.StopAsync(Token);
    }

    private Task<EmbeddedStore> OpenAsync() => EmbeddedStore.OpenAsync(_folder.Path, _time, NullLogger.Instance, Token);

    private async Task<HistoryRetention> StartAsync(TimeSpan keptFor)
    {
        var retention = new HistoryRetention(_store.DropHistoryAsync, keptFor, _time, NullLogger<HistoryRetention>.Instance);
        await retention.StartAsync(Token);
        return retention;
    }

    private async Task WriteAsync(string key, int times)
    {
        for (int i = 1; i <= times; i++)
            await _store.PutAsync((key, i.ToString(CultureInfo.InvariantCulture)));
    }

    private async Task<int> CountAsync(string key) => (await _store.GetHistoryAsync(key, 1000, Token)).Count;
}
