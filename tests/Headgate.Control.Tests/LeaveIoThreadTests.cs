namespace Headgate.Control.Tests;

public sealed class LeaveIoThreadTests
{
    [Fact]
    public void Await_OnAThreadThatIsNotOfThePool_GoesOnInThePool()
    {
        (int Id, bool Pool) before = default;
        (int Id, bool Pool) after = default;
        using ManualResetEventSlim done = new();
        Thread thread = new(() => _ = RunAsync());
        thread.Start();

        done.Wait(TimeSpan.FromSeconds(10)).ShouldBeTrue();
        before.Pool.ShouldBeFalse();
        after.Pool.ShouldBeTrue();
        after.Id.ShouldNotBe(before.Id);

        async Task RunAsync()
        {
            before = (Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread);
            await LeaveIoThread.Now;
            after = (Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread);
            done.Set();
        }
    }

    [Fact]
    public void Await_NeverGoesOnInline() => LeaveIoThread.Now.IsCompleted.ShouldBeFalse();
}
