using Headgate.Store.Embedded;

namespace Headgate.Store.Tests.Embedded;

public sealed class PendingWriteTests
{
    [Fact]
    public async Task Withdraw_StillWaiting_IsCancelledAndNeverApplied()
    {
        PendingWrite write = new((_, _) => throw new InvalidOperationException("applied"));
        WriteQueue queue = new();
        queue.Add(write);
        write.Withdraw(new CancellationToken(canceled: true));
        List<PendingWrite> batch = [];

        queue.TryTake(batch).ShouldBeTrue();

        batch.ShouldBeEmpty();
        await Should.ThrowAsync<OperationCanceledException>(() => write.Outcome);
    }

    [Fact]
    public async Task Withdraw_AlreadyTaken_GetsTheOutcome()
    {
        CommitResult applied = new(true, 7, -1);
        PendingWrite write = new((_, _) => applied);
        write.TryTake().ShouldBeTrue();
        write.Withdraw(new CancellationToken(canceled: true));
        write.Apply(null!, 0);
        write.Answer();

        (await write.Outcome).ShouldBe(applied);
    }

    [Fact]
    public void TryTake_ClosedWithWritesWaiting_HandsThemOutFirst()
    {
        WriteQueue queue = new();
        for (int i = 0; i < 300; i++)
        {
            queue.Add(new PendingWrite((_, _) => default));
        }

        queue.Close();
        List<PendingWrite> first = [];
        List<PendingWrite> second = [];

        queue.TryTake(first).ShouldBeTrue();
        queue.TryTake(second).ShouldBeTrue();
        queue.TryTake([]).ShouldBeFalse();

        (first.Count, second.Count).ShouldBe((256, 44));
        Should.Throw<ObjectDisposedException>(() => queue.Add(new PendingWrite((_, _) => default)));
    }
}
