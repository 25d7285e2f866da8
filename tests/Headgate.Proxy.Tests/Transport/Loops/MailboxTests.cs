using Headgate.Proxy.Tests.Configuration;
using Headgate.Proxy.Transport.Loops;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>What other threads leave for a loop: all of it, once, in order, and one wake for as much as is there.</summary>
public sealed class MailboxTests : IDisposable
{
    private readonly Mailbox _mailbox = new();
    private readonly WrittenLog _log = new();

    public void Dispose() => _mailbox.Dispose();

    [Fact]
    public void Run_RunsInTheOrderOfThePosts()
    {
        List<int> ran = [];
        for (int i = 0; i < 1000; i++)
            _mailbox.Post(number => ran.Add((int)number!), i);
        ran.ShouldBeEmpty();
        _mailbox.Run(_log);
        ran.ShouldBe(Enumerable.Range(0, 1000));
        _mailbox.Run(_log);
        ran.Count.ShouldBe(1000);
    }

    [Fact]
    public async Task Post_FromManyThreads_EachRunsOnceAndInTheOrderOfItsThread()
    {
        const int Threads = 8;
        const int Posts = 20_000;
        using var poller = new Poller();
        poller.TryAddReader(_mailbox.WakeFd, 1).ShouldBeTrue();
        int[] next = new int[Threads];
        int wrong = 0;
        Task[] posting = [.. Enumerable.Range(0, Threads).Select(thread => Task.Run(
            () =>
            {
                for (int i = 0; i < Posts; i++)
                    _mailbox.Post(number => wrong += next[thread]++ == (int)number! ? 0 : 1, i);
            },
            TestContext.Current.CancellationToken))];

        // As a loop does: it looks only when it is woken, so that a wake that is lost leaves something behind.
        while (next.Sum() < Threads * Posts && poller.Wait(10_000) == 1)
            _mailbox.Run(_log);
        await Task.WhenAll(posting);
        next.ShouldAllBe(count => count == Posts);
        wrong.ShouldBe(0);
        _log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public void Post_FromACallback_RunsInTheNextRoundAndWakesForIt()
    {
        using var poller = new Poller();
        poller.TryAddReader(_mailbox.WakeFd, 1);
        List<string> ran = [];
        _mailbox.Post(
            _ =>
            {
                ran.Add("first");
                _mailbox.Post(_ => ran.Add("posted by first"), null);
            },
            null);
        _mailbox.Post(_ => ran.Add("second"), null);
        poller.Wait(0).ShouldBe(1);
        _mailbox.Run(_log);
        ran.ShouldBe(["first", "second"]);
        poller.Wait(0).ShouldBe(1, "woken for what is left");
        _mailbox.Run(_log);
        ran.ShouldBe(["first", "second", "posted by first"]);
        poller.Wait(0).ShouldBe(0, "nothing is left");
    }

    [Fact]
    public void Run_ACallbackThrows_TheOthersRunAndItIsLogged()
    {
        List<int> ran = [];
        for (int i = 0; i < 5; i++)
            _mailbox.Post(number => ran.Add(10 / ((int)number! - 2)), i);
        _mailbox.Run(_log);
        ran.ShouldBe([-5, -10, 10, 5]);
        _log.Lines.ShouldHaveSingleItem().ShouldStartWith("1220 ");
        _mailbox.Post(_ => ran.Add(0), null);
        _mailbox.Run(_log);
        ran.Count.ShouldBe(5);
    }

    [Fact]
    public void Dispose_Again_TouchesNoDescriptorThatCameAfterIt()
    {
        _mailbox.Dispose();
        int other = LibC.eventfd(0, LibC.EFD_CLOEXEC); // gets the lowest free number: most likely the one that was just closed
        _mailbox.Dispose();
        File.Exists($"/proc/self/fd/{other}").ShouldBeTrue();
        _ = LibC.close(other);
    }

    [Fact]
    public void Post_AfterDispose_IsDroppedAndWakesNobodyElse()
    {
        _mailbox.Dispose();
        int other = LibC.eventfd(0, LibC.EFD_CLOEXEC);
        using var poller = new Poller();
        poller.TryAddReader(other, 1).ShouldBeTrue();
        _mailbox.Post(_ => throw new InvalidOperationException("never run"), null);
        poller.Wait(0).ShouldBe(0);
        _ = LibC.close(other);
    }
}
