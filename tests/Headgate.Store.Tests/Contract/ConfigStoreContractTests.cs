namespace Headgate.Store.Tests.Contract;

/// <summary>
/// The contract of <see cref="IConfigStore"/>: an implementation inherits this and says how it is opened, compacted and how time passes.
/// It also inherits commits (<see cref="StoreCommitContract"/>) and watches and history (<see cref="StoreWatchContract"/>); expiry is here.
/// </summary>
public abstract class ConfigStoreContractTests : StoreWatchContract
{
    // Whole seconds: an implementation may know no finer ones.
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongerThanTtl = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Expiry_TtlRunsOut_IsARevisionOfItsOwn()
    {
        long first = (await CommitAsync(Put("/a", "1", Ttl), Put("/b", "1"))).Revision;
        Task<List<string>> watch = WatchAsync("/", first, 1);
        await PassTimeAsync(LongerThanTtl);

        (await watch).ShouldBe([$"{first + 1}: /a deleted"]);
        (await ReadAsync()).ShouldBe("/b=1");
        HistoryRecord record = (await Store.GetHistoryAsync("/a", 1, Token)).ShouldHaveSingleItem();
        (record.Revision, record.Origin.Who, record.Origin.Where).ShouldBe((first + 1, "expiry", "local"));
        record.After.ShouldBeNull();
    }

    [Fact]
    public async Task Expiry_PutWithoutTtl_CancelsIt()
    {
        await CommitAsync(Put("/a", "1", Ttl));
        await CommitAsync(Put("/a", "2"));
        await PassTimeAsync(LongerThanTtl);
        await CommitAsync(Put("/b", "1"));

        (await ReadAsync()).ShouldBe("/a=2 /b=1");
    }

    [Fact]
    public async Task Expiry_PutWithNewTtl_ReplacesIt()
    {
        await CommitAsync(Put("/a", "1", Ttl));
        long second = (await CommitAsync(Put("/a", "2", TimeSpan.FromSeconds(3)))).Revision;
        await PassTimeAsync(LongerThanTtl);
        await CommitAsync(Put("/b", "1"));
        (await ReadAsync()).ShouldBe("/a=2 /b=1");
        await PassTimeAsync(LongerThanTtl);

        (await WatchAsync("/a", second, 1)).ShouldHaveSingleItem().ShouldEndWith("/a deleted");
    }

    [Fact]
    public async Task Expiry_KeyDeletedAndMadeAgain_DoesNotTouchTheNewOne()
    {
        await CommitAsync(Put("/a", "1", Ttl));
        await CommitAsync(Delete("/a"));
        await CommitAsync(Put("/a", "2"));
        await PassTimeAsync(LongerThanTtl);
        await CommitAsync(Put("/b", "1"));

        (await ReadAsync()).ShouldBe("/a=2 /b=1");
    }

    [Fact]
    public async Task Expiry_StoreReopened_StillRunsOut()
    {
        long first = (await CommitAsync(Put("/a", "1", Ttl))).Revision;
        await ReopenAsync();
        (await ReadAsync()).ShouldBe("/a=1");
        await PassTimeAsync(LongerThanTtl);

        (await WatchAsync("/", first, 1)).ShouldBe([$"{first + 1}: /a deleted"]);
    }

    [Fact]
    public async Task Expiry_RunsOutWhileClosed_IsGoneSoonAfterOpening()
    {
        long first = (await CommitAsync(Put("/a", "1", Ttl), Put("/b", "1"))).Revision;
        await ReopenAsync(closedFor: LongerThanTtl);

        (await WatchAsync("/", first, 1)).ShouldBe([$"{first + 1}: /a deleted"]);
        (await ReadAsync()).ShouldBe("/b=1");
    }
}
