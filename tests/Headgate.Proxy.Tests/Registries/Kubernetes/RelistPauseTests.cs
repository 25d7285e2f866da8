using Headgate.Proxy.Registries.Kubernetes;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Registries.Kubernetes;

public sealed class RelistPauseTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly RelistPause _pause;

    public RelistPauseTests() => _pause = new RelistPause(KubernetesTerms.Default, _time, new Random(TestSeed.Value));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WaitAsync_AfterReadsThatFail_OrWatchesThatDoNotLast_IsLongerEachTime(bool isRead)
    {
        Round(isRead).IsCompletedSuccessfully.ShouldBeTrue();
        Round(isRead).IsCompletedSuccessfully.ShouldBeTrue("once at once");
        foreach (double most in (double[])[0.5, 1, 2, 4, 8, 15, 15])
        {
            Task wait = Round(isRead);
            _time.Advance(TimeSpan.FromSeconds(most * 0.499));
            wait.IsCompleted.ShouldBeFalse($"at most {most} s; seed {TestSeed.Value}");
            _time.Advance(TimeSpan.FromSeconds(most * 0.502));
            await wait.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        }

        _pause.Read();
        _time.Advance(KubernetesTerms.Default.WatchWell);
        _pause.WaitAsync(Cancel).IsCompletedSuccessfully.ShouldBeTrue("the watch lasted");
    }

    [Fact]
    public void WaitAsync_AfterAnEndOfOurOwn_IsAtOnce()
    {
        for (int i = 0; i < 5; i++)
        {
            Round(isRead: true).IsCompletedSuccessfully.ShouldBeTrue();
            _pause.Forget();
        }
    }

    // What was begun before is over.
    private Task Round(bool isRead)
    {
        if (isRead)
            _pause.Read();
        return _pause.WaitAsync(Cancel);
    }
}
