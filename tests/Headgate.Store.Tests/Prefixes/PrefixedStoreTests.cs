using System.Text;
using Headgate.Store.Prefixes;
using Headgate.Testing;

namespace Headgate.Store.Tests.Prefixes;

public sealed class PrefixedStoreTests : IAsyncDisposable
{
    private static readonly Origin Me = new("tester", "local", "test");

    private readonly InMemoryStore _inner = new();
    private readonly PrefixedStore _store;

    public PrefixedStoreTests() => _store = new PrefixedStore(_inner, "/teams/blue");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CommitAsync_ObjectKeys_LieBelowThePrefixAndOthersWhereTheyAre()
    {
        await CommitAsync(_store, [], Put("/apisix/routes/1", "a"), Put("/headgate/users/1", "b"), Put("/apisix2", "c"));

        (await ReadAsync(_inner, "")).ShouldBe("/apisix2=c /headgate/users/1=b /teams/blue/routes/1=a");
        (await ReadAsync(_store, "")).ShouldBe("/apisix/routes/1=a /apisix2=c /headgate/users/1=b");
        (await ReadAsync(_store, "/apisix")).ShouldBe("/apisix/routes/1=a /apisix2=c");
        (await ReadAsync(_store, "/apisix/")).ShouldBe("/apisix/routes/1=a");
        (await _store.FindAsync("/apisix/routes/1", Token)).ShouldNotBeNull().Key.ShouldBe("/apisix/routes/1");
    }

    [Fact]
    public async Task WhatBelongsToOthers_IsNotSeenAndCannotBeWritten()
    {
        long first = (await CommitAsync(_inner, [], Put("/apisix/routes/1", "theirs"), Put("/teams/blue2/routes/1", "other"), Put("/teams/blue/routes/2", "mine"))).Revision;
        long second = (await CommitAsync(_inner, [], Put("/apisix/routes/1", "theirs again"))).Revision;
        await CommitAsync(_inner, [], Put("/teams/blue/routes/3", "mine"));

        (await ReadAsync(_store, "/")).ShouldBe("/apisix/routes/2=mine /apisix/routes/3=mine /teams/blue2/routes/1=other");
        (await ReadAsync(_store, "/teams/blue")).ShouldBe("/teams/blue2/routes/1=other");
        (await _store.FindAsync("/apisix/routes/1", Token)).ShouldBeNull();
        (await Should.ThrowAsync<ArgumentException>(() => CommitAsync(_store, [], Put("/teams/blue/routes/2", "x")))).Message.ShouldStartWith("The key /teams/blue/routes/2 lies below /teams/blue, which is written as /apisix here.");
        (await CommitAsync(_store, [new Compare.RangeNotWrittenSince("/apisix/", first)], Put("/x", "1"))).Applied.ShouldBeFalse();
        (await CommitAsync(_store, [new Compare.RangeNotWrittenSince("/apisix/", second + 1)], Put("/x", "1"))).Applied.ShouldBeTrue();
        (await CommitAsync(_store, [new Compare.Missing("/apisix/routes/1")], Put("/x", "1"))).Applied.ShouldBeTrue();
    }

    [Fact]
    public async Task WatchAsync_AnyPrefix_ShowsWhatIsSeenUnderItsNames()
    {
        long first = (await CommitAsync(_inner, [], Put("/z", "1"))).Revision;
        await CommitAsync(_inner, [], Put("/apisix/routes/1", "theirs"));
        await CommitAsync(_inner, [], Put("/teams/blue/routes/2", "mine"), Put("/headgate/a", "1"), Put("/apisix/routes/1", "theirs"));

        (await NextAsync("/", first)).ShouldBe($"{first + 2}: /apisix/routes/2 /headgate/a");
        (await NextAsync("/apisix/routes/", first)).ShouldBe($"{first + 2}: /apisix/routes/2");
        (await NextAsync("/", first + 100)).ShouldBe("-1: ");
    }

    [Fact]
    public async Task History_IsToldUnderTheShownNames()
    {
        await CommitAsync(_inner, [], Put("/apisix/routes/1", "theirs"));
        await CommitAsync(_store, [], Put("/apisix/routes/1", "mine"), Put("/headgate/a", "1"));

        (await _store.GetHistoryAsync("/apisix/routes/1", 10, Token)).ShouldHaveSingleItem().Key.ShouldBe("/apisix/routes/1");
        (await _store.SearchHistoryAsync(new HistoryQuery(), Token)).Records.Select(record => record.Key).ShouldBe(["/apisix/routes/1", "/headgate/a"]);
        (await _store.SearchHistoryAsync(new HistoryQuery { Prefix = "/apisix/" }, Token)).Records.ShouldHaveSingleItem().Key.ShouldBe("/apisix/routes/1");
    }

    [Fact]
    public async Task Nested_MapsOneInTheOther()
    {
        await using var group = new PrefixedStore(new PrefixedStore(_inner, "/prod"), "/headgate/groups/eu/apisix");
        await using var below = new PrefixedStore(_inner, "/apisix/inside");

        await CommitAsync(group, [], Put("/apisix/routes/1", "a"));
        await CommitAsync(below, [], Put("/apisix/routes/1", "b"));

        (await ReadAsync(_inner, "")).ShouldBe("/apisix/inside/routes/1=b /headgate/groups/eu/apisix/routes/1=a");
        (await ReadAsync(below, "/apisix/")).ShouldBe("/apisix/routes/1=b");
    }

    [Theory]
    [InlineData("apisix")]
    [InlineData("/apisix/")]
    [InlineData("/")]
    public void Prefix_NoPath_IsRefused(string prefix) =>
        Should.Throw<ArgumentException>(() => new PrefixedStore(_inner, prefix)).Message.ShouldStartWith($"{prefix} cannot be a prefix; use one that begins with / and does not end in it");

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static Operation.Put Put(string key, string value) => new Operation.Put(key, Encoding.UTF8.GetBytes(value));

    private static async Task<CommitResult> CommitAsync(IConfigStore store, Compare[] compares, params Operation[] operations) =>
        await store.CommitAsync(new Commit { Compares = compares, Operations = operations, Origin = Me }, Token);

    private static async Task<string> ReadAsync(IConfigStore store, string prefix) =>
        string.Join(' ', (await store.GetAsync(prefix, Token)).Entries.Select(entry => $"{entry.Key}={Encoding.UTF8.GetString(entry.Value.Span)}"));

    private async Task<string> NextAsync(string prefix, long after)
    {
        await foreach (StoreRevision revision in _store.WatchAsync(prefix, after, Token))
            return $"{revision.Revision}: {string.Join(' ', revision.Changes.Select(change => change.Key))}";
        return "ended";
    }
}
