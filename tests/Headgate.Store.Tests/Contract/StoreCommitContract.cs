using System.Security.Cryptography;

namespace Headgate.Store.Tests.Contract;

/// <summary>Commits, compares and reads.</summary>
public abstract class StoreCommitContract : StoreContract
{
    [Fact]
    public async Task GetAsync_NewStore_IsEmpty() => (await Store.GetAsync("", Token)).Entries.ShouldBeEmpty();

    [Fact]
    public async Task GetAsync_Prefix_ReadsItsKeysInOrderAndNoOthers()
    {
        await CommitAsync(Put("/b/2", "b2"), Put("/b/1", "b1"), Put("/a/1", "a1"), Put("/b", "b"), Put("/c/1", "c1"), Put("/b/10", "b10"));

        (await ReadAsync("/b/")).ShouldBe("/b/1=b1 /b/10=b10 /b/2=b2");
        (await ReadAsync("/b/1")).ShouldBe("/b/1=b1 /b/10=b10");
        (await ReadAsync("")).ShouldBe("/a/1=a1 /b=b /b/1=b1 /b/10=b10 /b/2=b2 /c/1=c1");
    }

    [Fact]
    public async Task FindAsync_Key_ReadsItAndNoneThatBeginsWithIt()
    {
        await Store.CommitAsync(new Commit { Operations = [new Operation.Put("/f/10", "1"u8.ToArray())], Origin = new Origin("who", "where", "why") }, Token);
        (await Store.FindAsync("/f/1", Token)).ShouldBeNull();
        (await Store.FindAsync("/f/10", Token)).ShouldNotBeNull().Value.ToArray().ShouldBe("1"u8.ToArray());
    }

    [Fact]
    public async Task GetAsync_KeysBeyondAscii_AreOrderedByTheirBytes()
    {
        await CommitAsync(Put("/\U0001F600", "emoji"), Put("/\uFFFD", "bmp"), Put("/é", "e"), Put("/z", "z"), Put("/\U0010FFFF", "last"));

        (await ReadAsync("/")).ShouldBe("/z=z /é=e /\uFFFD=bmp /\U0001F600=emoji /\U0010FFFF=last");
        (await ReadAsync("/\U0010FFFF")).ShouldBe("/\U0010FFFF=last");
    }

    [Fact]
    public async Task GetAsync_AfterCommit_ReportsRevisions()
    {
        CommitResult first = await CommitAsync(Put("/a", "1"), Put("/b", "1"));
        CommitResult second = await CommitAsync(Put("/a", "2"));

        StoreView view = await Store.GetAsync("/", Token);

        second.ShouldBe(new CommitResult(true, first.Revision + 1, -1));
        view.Revision.ShouldBe(second.Revision);
        view.Entries.Select(entry => (entry.Key, entry.CreateRevision, entry.ModRevision))
            .ShouldBe([("/a", first.Revision, second.Revision), ("/b", first.Revision, first.Revision)]);
    }

    [Fact]
    public async Task CommitAsync_KeyDeletedAndMadeAgain_HasANewCreateRevision()
    {
        await CommitAsync(Put("/a", "1"));
        await CommitAsync(Delete("/a"));
        CommitResult again = await CommitAsync(Put("/a", "2"));

        (await Store.GetAsync("/a", Token)).Entries.ShouldHaveSingleItem().CreateRevision.ShouldBe(again.Revision);
    }

    [Fact]
    public async Task CommitAsync_EmptyAndBinaryValues_AreReadBackAsTheyWere()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        await Store.CommitAsync(
            new Commit { Operations = [new Operation.Put("/bytes", bytes), new Operation.Put("/empty", default)], Origin = Me }, Token);

        StoreView view = await Store.GetAsync("/", Token);

        view.Entries[0].Value.ToArray().ShouldBe(bytes);
        view.Entries[1].Value.Length.ShouldBe(0);
    }

    [Fact]
    public async Task CommitAsync_OnlyMissingKeysDeleted_IsAppliedWithoutARevision()
    {
        CommitResult first = await CommitAsync(Put("/a", "1"));

        (await CommitAsync(Delete("/b"), Delete("/c"))).ShouldBe(new CommitResult(true, first.Revision, -1));
    }

    [Fact]
    public async Task CommitAsync_SameValueAgain_IsARevision()
    {
        CommitResult first = await CommitAsync(Put("/a", "1"));

        (await CommitAsync(Put("/a", "1"))).Revision.ShouldBe(first.Revision + 1);
    }

    [Fact]
    public async Task CommitAsync_CompareFails_ChangesNothingAndNamesTheFirst()
    {
        long revision = (await CommitAsync(Put("/a", "1"))).Revision;

        CommitResult result = await CommitAsync(
            [new Compare.Exists("/a"), new Compare.Missing("/a"), new Compare.Exists("/none")], Put("/a", "2"), Put("/b", "2"));

        result.ShouldBe(new CommitResult(false, revision, 1));
        (await ReadAsync()).ShouldBe("/a=1");
    }

    [Fact]
    public async Task CommitAsync_EachCompare_HoldsWhenItSays()
    {
        long first = (await CommitAsync(Put("/a/1", "1"))).Revision;
        long second = (await CommitAsync(Put("/b/1", "1"))).Revision;
        (Compare Compare, bool Holds)[] cases =
        [
            (new Compare.Exists("/a/1"), true),
            (new Compare.Exists("/a/"), false),
            (new Compare.Missing("/a/2"), true),
            (new Compare.Missing("/a/1"), false),
            (new Compare.UnchangedSince("/a/1", first), true),
            (new Compare.UnchangedSince("/a/1", second), false),
            (new Compare.UnchangedSince("/a/2", first), false),
            (new Compare.RangeNotWrittenSince("/a/", first), true),
            (new Compare.RangeNotWrittenSince("/a/", first - 1), false),
            (new Compare.RangeNotWrittenSince("/b/", first), false),
            (new Compare.RangeNotWrittenSince("/c/", 0), true),
            (new Compare.RangeNotWrittenSince("", first), false),
            (new Compare.RangeNotWrittenSince("", second), true),
        ];

        foreach ((Compare compare, bool holds) in cases)
        {
            (await CommitAsync([compare], Delete("/missing"))).Applied.ShouldBe(holds, compare.ToString());
        }
    }

    [Fact]
    public async Task CommitAsync_RangeCompare_DoesNotSeeDeletes()
    {
        await CommitAsync(Put("/a/1", "1"));
        long revision = (await CommitAsync(Put("/a/2", "1"))).Revision;
        await CommitAsync(Delete("/a/1"));

        (await CommitAsync([new Compare.RangeNotWrittenSince("/a/", revision)], Put("/b", "1"))).Applied.ShouldBeTrue();
    }

    [Fact]
    public async Task CommitAsync_ManyCallersIncrementOneKey_NoneIsLost()
    {
        await CommitAsync(Put("/n", "0"));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (int i = 0; i < 25; i++)
            {
                CommitResult result;
                do
                {
                    StoreEntry entry = (await Store.GetAsync("/n", Token)).Entries[0];
                    int next = int.Parse(Text(entry.Value), null) + 1;
                    result = await CommitAsync([new Compare.UnchangedSince("/n", entry.ModRevision)], Put("/n", $"{next}"));
                }
                while (!result.Applied);
            }
        }));

        (await ReadAsync()).ShouldBe("/n=200");
    }

    [Fact]
    public async Task CommitAsync_ManyCallers_EachGetsARevisionOfItsOwnWithoutHoles()
    {
        long before = (await CommitAsync(Put("/first", "1"))).Revision;

        CommitResult[] results = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => CommitAsync(Put($"/k/{i}", "1"))));

        results.Select(result => result.Revision).Order().ShouldBe(Enumerable.Range(1, 300).Select(i => before + i));
        foreach (StoreEntry entry in (await Store.GetAsync("/k/", Token)).Entries)
        {
            entry.ModRevision.ShouldBe(results[int.Parse(entry.Key[3..], null)].Revision);
        }
    }

    [Fact]
    public async Task CommitAsync_CancelledBefore_Throws()
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(
            async () => await Store.CommitAsync(new Commit { Operations = [Put("/a", "1")], Origin = Me }, source.Token));
        (await ReadAsync()).ShouldBe("");
    }

    [Fact]
    public async Task CommitAsync_LargestCommitAllowed_IsApplied()
    {
        // Twice, of bytes that do not shrink, so that what is kept of the value before has its full size as well.
        byte[] value = RandomNumberGenerator.GetBytes(LargestValue);
        for (int i = 0; i < 2; i++)
            await Store.CommitAsync(new Commit { Operations = [new Operation.Put(new string('k', 1024), value)], Origin = Me }, Token);
        CommitResult many = await CommitAsync([.. Enumerable.Range(0, Store.OperationsMax).Select(i => Put($"/many/{i}", "1"))]);

        many.Applied.ShouldBeTrue();
        (await Store.GetAsync("kkk", Token)).Entries[0].Value.ToArray().ShouldBe(value);
        (await Store.GetAsync("/many/", Token)).Entries.Count.ShouldBe(Store.OperationsMax);
        Store.OperationsMax.ShouldBeInRange(32, CommitLimits.OperationsMax);
        await Should.ThrowAsync<ArgumentException>(async () => await CommitAsync([.. Enumerable.Range(0, Store.OperationsMax + 1).Select(i => Put($"/more/{i}", "1"))]));
    }

    [Fact]
    public async Task ReopenAsync_EverythingAnswered_IsThere()
    {
        CommitResult result = await CommitAsync(Put("/a", "1"), Put("/b", "2"));
        await ReopenAsync();

        StoreView view = await Store.GetAsync("/", Token);

        view.Revision.ShouldBe(result.Revision);
        (await ReadAsync()).ShouldBe("/a=1 /b=2");
        (await CommitAsync(Put("/c", "3"))).Revision.ShouldBe(result.Revision + 1);
    }
}
