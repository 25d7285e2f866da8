using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Headgate.Proxy.Transport;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport;

public sealed class PooledAsyncMethodBuilderTests
{
    [Fact]
    public async Task Method_CompletesWithoutSuspending_GivesResult() => (await Add(ValueTask.FromResult(1), ValueTask.FromResult(2))).ShouldBe(3);

    [Fact]
    public async Task Method_Suspends_GivesResult()
    {
        var first = new TaskCompletionSource<int>();
        ValueTask<int> sum = Add(new ValueTask<int>(first.Task), ValueTask.FromResult(2));
        sum.IsCompleted.ShouldBeFalse();
        first.SetResult(40);
        (await sum).ShouldBe(42);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Method_Throws_FailsTheTask(bool suspendFirst)
    {
        var gate = new TaskCompletionSource();
        ValueTask task = ThrowAfter(suspendFirst ? new ValueTask(gate.Task) : default);
        gate.SetResult();
        InvalidOperationException error = await Should.ThrowAsync<InvalidOperationException>(async () => await task);
        error.Message.ShouldBe("on purpose");
    }

    [Fact]
    public async Task ManyAtOnce_ResumedOnOtherThreads_EachGetsItsOwnResult()
    {
        TaskCompletionSource<int>[] gates = [.. Enumerable.Range(0, 500).Select(_ => new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously))];
        Task<int>[] sums = [.. gates.Select((gate, i) => Add(new ValueTask<int>(gate.Task), ValueTask.FromResult(i)).AsTask())];
        Parallel.For(0, gates.Length, i => gates[i].SetResult(1000 * i));
        int[] results = await Task.WhenAll(sums);
        results.ShouldBe(Enumerable.Range(0, 500).Select(i => 1001 * i));
    }

    [Fact]
    public void SuspendAndResume_ManySuspendedAtOnce_AllocatesNothingInSteadyState()
    {
        var gates = Enumerable.Range(0, 200).Select(_ => new Gate()).ToArray();
        var sums = new ValueTask<int>[gates.Length];
        int total = 0;

        void Round()
        {
            for (int i = 0; i < gates.Length; i++)
                sums[i] = Add(gates[i].WaitAsync(), ValueTask.FromResult(i));
            for (int i = 0; i < gates.Length; i++)
            {
                gates[i].Open(1);
                total += sums[i].GetAwaiter().GetResult();
            }
        }

        Allocation.Of(() =>
        {
            for (int round = 0; round < 50; round++)
                Round();
        }).ShouldBe(0);
        total.ShouldBeGreaterThan(0);
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private static async ValueTask<int> Add(ValueTask<int> first, ValueTask<int> second) => await first + await second;

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder))]
    private static async ValueTask ThrowAfter(ValueTask gate)
    {
        await gate;
        throw new InvalidOperationException("on purpose");
    }

    /// <summary>A reusable awaitable, as sockets have.</summary>
    private sealed class Gate : IValueTaskSource<int>
    {
        private ManualResetValueTaskSourceCore<int> _core;

        public ValueTask<int> WaitAsync() => new(this, _core.Version);

        public void Open(int result) => _core.SetResult(result);

        public int GetResult(short token)
        {
            int result = _core.GetResult(token);
            _core.Reset();
            return result;
        }

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
