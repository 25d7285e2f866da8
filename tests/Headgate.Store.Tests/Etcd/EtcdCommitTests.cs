using System.Text;
using Headgate.Store.Etcd;
using Headgate.Testing;
using static Headgate.Store.Tests.Etcd.EtcdStores;

namespace Headgate.Store.Tests.Etcd;

/// <summary>Commits whose answer is lost, and what a commit may hold.</summary>
public sealed class EtcdCommitTests(EtcdFixture etcd) : EtcdTest(etcd)
{
    [Fact]
    public async Task CommitAsync_AnswerLost_IsFoundToBeApplied()
    {
        await using EtcdRelay relay = await EtcdRelay.StartAsync(Etcd.Process.Endpoints[0]);
        await using EtcdStore store = await OpenAsync([relay.Endpoint]);
        long first = (await store.CommitAsync([], Put("/a", "1"))).Revision;
        relay.SwallowNextAnswer();

        (await store.CommitAsync([new Compare.UnchangedSince("/a", first)], Put("/a", "2"))).ShouldBe(new CommitResult(true, first + 1, -1));
        (await store.GetHistoryAsync("/a", 10, Token)).Count.ShouldBe(2);
        (await store.GetAsync("/a", Token)).Revision.ShouldBe(first + 1);
    }

    [Fact]
    public async Task CommitAsync_HeldOnTheWay_IsAppliedOnceAndNotWhenItArrivesLate()
    {
        await using EtcdRelay relay = await EtcdRelay.StartAsync(Etcd.Process.Endpoints[0]);
        await using EtcdStore store = await OpenAsync([relay.Endpoint, Etcd.Process.Endpoints[0]]);
        relay.HoldNext();

        CommitResult result = await store.CommitAsync([new Compare.Missing("/a")], Put("/a", "1"));
        result.Applied.ShouldBeTrue();
        await store.CommitAsync([], new Operation.Delete("/a"));
        string late = await relay.ReleaseAsync();

        late.ShouldNotContain("succeeded");
        (await store.ReadAsync("/a")).ShouldBe("");
        (await store.GetHistoryAsync("/a", 10, Token)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task CommitAsync_TooLarge_SaysSo()
    {
        await using EtcdStore store = await OpenAsync(Etcd.Process.Endpoints);
        byte[] noise = System.Security.Cryptography.RandomNumberGenerator.GetBytes(1024 * 1024);

        (await Should.ThrowAsync<ArgumentException>(async () => await store.CommitAsync([], new Operation.Put("/a", noise)))).Message.ShouldStartWith("The commit is too large for etcd, which takes 1.5 MiB");
        (await Should.ThrowAsync<ArgumentException>(async () => await store.CommitAsync([], [.. Enumerable.Range(0, 64).Select(i => Put($"/{i}", ""))])))
            .Message.ShouldStartWith("A commit to etcd takes 1 to 63 operations; this one has 64.");
        (await Should.ThrowAsync<ArgumentException>(async () => await store.CommitAsync([.. Enumerable.Range(0, 127).Select(i => new Compare.Missing($"/{i}"))], Put("/a", ""))))
            .Message.ShouldStartWith("A commit to etcd takes at most 127 operations and compares together; this one has 128.");
        (await Should.ThrowAsync<ArgumentException>(async () => await store.CommitAsync([], Put("/headgate/history/x", "")))).Message.ShouldStartWith("The key /headgate/history/x is one of the store's own");
        (await store.CommitAsync([.. Enumerable.Range(0, 64).Select(i => new Compare.Missing($"/other/{i}"))], [.. Enumerable.Range(0, 63).Select(i => Put($"/k/{i}", new string('x', 8000)))])).Applied.ShouldBeTrue();
    }

    [Fact]
    public async Task CommitAsync_RangeComparesBesideOthers_NamesTheFirstThatFails()
    {
        await using EtcdStore store = await OpenAsync(Etcd.Process.Endpoints);
        long first = (await store.CommitAsync([], Put("/r/1", "1"), Put("/x", "1"))).Revision;
        Compare written = new Compare.RangeNotWrittenSince("/r/", first - 1);
        Compare quiet = new Compare.RangeNotWrittenSince("/r/", first);
        Compare missing = new Compare.Missing("/x");

        (await store.CommitAsync([quiet, written, missing], Put("/y", "1"))).FailedCompare.ShouldBe(1);
        (await store.CommitAsync([missing, written], Put("/y", "1"))).FailedCompare.ShouldBe(0);
        (await store.CommitAsync([quiet, missing], Put("/y", "1"))).FailedCompare.ShouldBe(1);
        (await store.CommitAsync([new Compare.RangeNotWrittenSince("/", first - 1)], Put("/y", "1"))).FailedCompare.ShouldBe(0);
        (await store.CommitAsync([quiet, new Compare.RangeNotWrittenSince("/", first)], Put("/y", "1"))).Applied.ShouldBeTrue();
    }

    [Fact]
    public async Task GetAsync_MoreThanAPage_ReadsAllAtOneRevision()
    {
        await using EtcdStore store = await OpenAsync(Etcd.Process.Endpoints);
        foreach (int[] some in Enumerable.Range(0, 2500).Chunk(63))
            await store.CommitAsync([], [.. some.Select(i => Put($"/k/{i:D5}", $"{i}"))]);

        StoreView view = await store.GetAsync("/k/", Token);

        view.Entries.Select(entry => Encoding.UTF8.GetString(entry.Value.Span)).ShouldBe(Enumerable.Range(0, 2500).Select(i => $"{i}"));
        (await store.GetAsync("/", Token)).Entries.Count.ShouldBe(2500);
        (await store.GetAsync("/headgate/history/", Token)).Entries.ShouldBeEmpty();
    }
}
