using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Tests.LoadBalancing;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>Limits of requests under way, and who waits when they are reached.</summary>
public sealed class RequestQueueTests : IDisposable
{
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Pick_PlainUpstream_HasNeitherGateNorQueue()
    {
        UpstreamSnapshot upstream = Put("""{"nodes":{"10.0.0.1:80":1}}""");

        upstream.Gate.ShouldBeNull();
        upstream.Queue.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(PolicyContractTests.Policies), MemberType = typeof(PolicyContractTests))]
    public void Pick_UntilAllAreFull_EveryNodeGetsExactlyItsLimit(string type)
    {
        UpstreamSnapshot upstream = Put($$"""{"type":"{{type}}","key":"remote_addr","max_requests":2,"nodes":[{"host":"10.0.0.1","port":80,"weight":9,"max_requests":5},{"host":"10.0.0.2","port":80,"weight":1},{"host":"10.0.0.3","port":80,"weight":1}]}""");

        for (int i = 0; i < 9; i++)
            Pick(upstream, out _).ShouldNotBeNull();

        Pick(upstream, out bool isFull).ShouldBeNull();
        isFull.ShouldBeTrue();
        upstream.Nodes.Select(node => node.State.Permits.Taken).ShouldBe([5, 2, 2]);
        upstream.GiveBack(upstream.Nodes[1]);
        Pick(upstream, out _)!.Index.ShouldBe(1);
    }

    [Fact]
    public void Pick_FullNodes_TheRestGetsItsSharesByWeight()
    {
        UpstreamSnapshot upstream = Put("""{"nodes":[{"host":"10.0.0.1","port":80,"weight":5,"max_requests":1},{"host":"10.0.0.2","port":80,"weight":3},{"host":"10.0.0.3","port":80,"weight":1}]}""");
        while (upstream.Nodes[0].State.Permits.HasFree)
            Pick(upstream, out _);
        int[] counts = new int[3];
        for (int i = 0; i < 9000; i++)
            counts[Pick(upstream, out _)!.Index]++;

        counts[0].ShouldBe(0);
        counts[1].ShouldBeInRange(6700, 6800); // three quarters: turns of nine, five of which go on in proportion
    }

    [Theory]
    [InlineData("roundrobin")]
    [InlineData("maglev")]
    public void Pick_MoreNodesThanATriedSetTellsApart_EveryPermitIsFound(string type)
    {
        string nodes = string.Join(',', Enumerable.Range(0, 1300).Select(i => $"\"10.0.{i / 250}.{i % 250}:80\":1"));
        UpstreamSnapshot upstream = Put($"{{\"type\":\"{type}\",\"key\":\"remote_addr\",\"max_requests\":1,\"nodes\":{{{nodes}}}}}");

        for (int i = 0; i < 1300; i++)
            Pick(upstream, out _).ShouldNotBeNull();

        Pick(upstream, out bool isFull).ShouldBeNull();
        isFull.ShouldBeTrue();
        upstream.Nodes.Select(node => node.State.Permits.Taken).ShouldAllBe(taken => taken == 1);
    }

    [Fact]
    public void Pick_FullTier_TheNextIsUsed()
    {
        UpstreamSnapshot upstream = Put("""{"max_requests":1,"nodes":[{"host":"10.0.0.1","port":80,"weight":1,"priority":1},{"host":"10.0.0.2","port":80,"weight":1}]}""");

        Pick(upstream, out _)!.Index.ShouldBe(0);
        Pick(upstream, out _)!.Index.ShouldBe(1);
        Pick(upstream, out bool isFull).ShouldBeNull();
        isFull.ShouldBeTrue();
    }

    [Fact]
    public void Pick_OnlyNode_IsLimitedToo()
    {
        UpstreamSnapshot upstream = Put("""{"max_requests":1,"nodes":{"10.0.0.1:80":1}}""");

        Pick(upstream, out _)!.Index.ShouldBe(0);
        Pick(upstream, out bool isFull).ShouldBeNull();
        isFull.ShouldBeTrue();
    }

    [Fact]
    public void Pick_AllTried_IsNotFull()
    {
        UpstreamSnapshot upstream = Put("""{"max_requests":1,"nodes":{"10.0.0.1:80":1,"10.0.0.2:80":1}}""");
        TriedNodes tried = default;
        tried.Add(0);
        tried.Add(1);

        Pick(upstream, out bool isFull, tried).ShouldBeNull();
        isFull.ShouldBeFalse();
    }

    [Fact]
    public void Pick_ColdNodeAndFullNode_TheColdOneTakesIt()
    {
        UpstreamSnapshot upstream = Put("""{"max_requests":1,"nodes":{"10.0.0.1:80":1,"10.0.0.2:80":1}}""");
        upstream.Nodes[0].State.Share.Set(PickShareCause.SlowStart, 0);
        Pick(upstream, out _)!.Index.ShouldBe(1);

        Pick(upstream, out _)!.Index.ShouldBe(0);
        upstream.Nodes.Select(node => node.State.Permits.Taken).ShouldBe([1, 1]);
    }

    [Fact]
    public void GiveBack_SomeWait_TheLongestWaitingIsServedAndNobodyPassesIt()
    {
        UpstreamSnapshot upstream = Put("""{"max_requests":1,"nodes":{"10.0.0.1:80":1},"queue":{"size":3}}""");
        NodeSnapshot node = Pick(upstream, out _)!;
        WaitingRequest[] waiting = [.. Enumerable.Range(0, 3).Select(_ => new WaitingRequest(upstream))];
        foreach (WaitingRequest request in waiting)
            upstream.Queue!.TryEnter(request, 3).ShouldBeTrue();
        upstream.Queue!.TryEnter(new WaitingRequest(upstream), 3).ShouldBeFalse();

        upstream.GiveBack(node);
        waiting.Select(request => request.Ends).ShouldBe([1, 0, 0]);
        waiting[0].Node.ShouldBe(node);
        node.State.Permits.Max = 5; // room, but others wait
        Pick(upstream, out bool isFull).ShouldBeNull();
        isFull.ShouldBeTrue();
        upstream.GiveBack(node);
        upstream.GiveBack(node);
        waiting.Select(request => request.Ends).ShouldBe([1, 1, 1]);
        (upstream.Queue.Count, upstream.Queue.Served, upstream.Queue.Refused).ShouldBe((0, 3, 1));
    }

    [Fact]
    public void GiveBack_FirstHasTriedTheNode_TheNextIsServed()
    {
        UpstreamSnapshot upstream = Put("""{"max_requests":1,"nodes":{"10.0.0.1:80":1,"10.0.0.2:80":1},"queue":{"size":3}}""");
        NodeSnapshot first = Pick(upstream, out _)!, second = Pick(upstream, out _)!;
        TriedNodes tried = default;
        tried.Add(first.Index);
        var retry = new WaitingRequest(upstream, tried);
        var fresh = new WaitingRequest(upstream);
        upstream.Queue!.TryEnter(retry, 3);
        upstream.Queue.TryEnter(fresh, 3);

        upstream.GiveBack(first);
        (retry.Ends, fresh.Ends).ShouldBe((0, 1));
        upstream.GiveBack(second);
        (retry.Ends, retry.Node).ShouldBe((1, second));
    }

    [Fact]
    public void TryTimeOutAndTryLeave_WhileWaiting_LeaveAtOnceAndKeepTheOrder()
    {
        UpstreamSnapshot upstream = Put("""{"max_requests":1,"nodes":{"10.0.0.1:80":1},"queue":{"size":9}}""");
        NodeSnapshot node = Pick(upstream, out _)!;
        WaitingRequest[] waiting = [.. Enumerable.Range(0, 4).Select(_ => new WaitingRequest(upstream))];
        foreach (WaitingRequest request in waiting)
            upstream.Queue!.TryEnter(request, 9);

        upstream.Queue!.TryLeave(waiting[0]).ShouldBeTrue();
        upstream.Queue.TryTimeOut(waiting[2]).ShouldBeTrue();
        upstream.Queue.TryLeave(waiting[2]).ShouldBeFalse();
        upstream.Queue.Count.ShouldBe(2);
        upstream.GiveBack(node);
        upstream.GiveBack(node);

        waiting.Select(request => request.Ends).ShouldBe([0, 1, 0, 1]);
        upstream.Queue.TryTimeOut(waiting[1]).ShouldBeFalse();
        (upstream.Queue.Count, upstream.Queue.Served, upstream.Queue.TimedOut, upstream.Queue.Left).ShouldBe((0, 2, 1, 1));
    }

    [Fact]
    public void Apply_LimitRaisedLoweredAndTakenAway_ActsAtOnceAndCountsGoOn()
    {
        UpstreamSnapshot before = Put("""{"max_requests":2,"nodes":{"10.0.0.1:80":1},"queue":{"size":9}}""");
        NodeSnapshot node = Pick(before, out _)!;
        Pick(before, out _).ShouldNotBeNull();
        WaitingRequest[] waiting = [.. Enumerable.Range(0, 3).Select(_ => new WaitingRequest(before))];
        foreach (WaitingRequest request in waiting)
            before.Queue!.TryEnter(request, 9);

        UpstreamSnapshot raised = Put("""{"max_requests":3,"nodes":{"10.0.0.1:80":1},"queue":{"size":9}}""");
        raised.Queue.ShouldBeSameAs(before.Queue);
        waiting.Select(request => request.Ends).ShouldBe([1, 0, 0]);

        Put("""{"max_requests":1,"nodes":{"10.0.0.1:80":1},"queue":{"size":9}}""");
        before.GiveBack(node);
        before.GiveBack(node);
        waiting.Select(request => request.Ends).ShouldBe([1, 0, 0]);
        before.GiveBack(node);
        waiting.Select(request => request.Ends).ShouldBe([1, 1, 0]);

        UpstreamSnapshot free = Put("""{"nodes":{"10.0.0.1:80":1}}""");
        waiting.Select(request => request.Ends).ShouldBe([1, 1, 1]);
        free.Queue.ShouldBeNull();
        Pick(free, out _).ShouldNotBeNull();
        before.GiveBack(node);
        before.GiveBack(node);
        node.State.Permits.Taken.ShouldBe(0);
    }

    [Fact]
    public void RefreshUsable_NodeComesBack_ServesAsManyAsItHasPermits()
    {
        UpstreamSnapshot upstream = Put("""{"max_requests":2,"nodes":{"10.0.0.1:80":1,"10.0.0.2:80":1},"queue":{"size":9}}""");
        upstream.Nodes[1].State.Exclude(NodeExclusions.Ejected);
        upstream.RefreshUsable();
        Pick(upstream, out _);
        Pick(upstream, out _);
        Pick(upstream, out bool isFull).ShouldBeNull();
        isFull.ShouldBeTrue();
        WaitingRequest[] waiting = [.. Enumerable.Range(0, 3).Select(_ => new WaitingRequest(upstream))];
        foreach (WaitingRequest request in waiting)
            upstream.Queue!.TryEnter(request, 9);

        upstream.Nodes[1].State.Admit(NodeExclusions.Ejected);
        upstream.RefreshUsable();

        waiting.Select(request => request.Ends).ShouldBe([1, 1, 0]);
    }

    [Fact]
    public void TryEnter_NodeJoinedWhileManyWait_ServesThoseThatCameAfter()
    {
        UpstreamSnapshot before = Put(Limited(1));
        Pick(before, out _);
        Pick(before, out _);
        for (int i = 0; i < 200; i++)
            before.Queue!.TryEnter(new WaitingRequest(before), 1000);

        UpstreamSnapshot after = Put("""{"max_requests":1,"nodes":{"10.0.0.1:80":1,"10.0.0.2:80":1,"10.0.0.3:80":1}}""");
        var fresh = new WaitingRequest(after);
        after.Queue!.TryEnter(fresh, 1000);

        fresh.Node!.Config.Host.ShouldBe("10.0.0.3");
        after.Queue.Count.ShouldBe(200);
    }

    [Fact]
    public async Task Everything_FromSixteenThreads_NeverAboveTheLimitAndNothingIsLost()
    {
        // Each thread takes permits, up to three, or waits for its first, and gives them back; one wait in eight is given up. Edits move the limit between 1 and 3.
        UpstreamSnapshot upstream = Put(Limited(3));
        NodeState[] states = [.. upstream.Nodes.Select(node => node.State)];
        int[] inside = new int[2];
        int most = 0, served = 0, left = 0;
        bool ended = false;
        Task edits = Task.Run(() =>
        {
            for (int i = 0; !Volatile.Read(ref ended); i++)
            {
                foreach (NodeState state in states)
                    state.Permits.Max = 1 + (i % 3);
                upstream.Queue!.ServeAll();
            }

            foreach (NodeState state in states)
                state.Permits.Max = 3;
        });

        // Threads of their own: they block while they wait.
        await Task.WhenAll(Enumerable.Range(0, 16).Select(thread => Task.Factory.StartNew(() => Run(new Random(TestSeed.Value + thread)), TaskCreationOptions.LongRunning)));
        Volatile.Write(ref ended, true);
        await edits;

        most.ShouldBeLessThanOrEqualTo(3, $"HEADGATE_SEED={TestSeed.Value}");
        states.Select(state => state.Permits.Taken).ShouldBe([0, 0]);
        (upstream.Queue!.Count, upstream.Queue.Served, upstream.Queue.Left).ShouldBe((0, served, left));

        void Run(Random random)
        {
            var held = new Queue<NodeSnapshot>();
            for (int i = 0; i < 20_000 || held.Count > 0; i++)
            {
                NodeSnapshot? node = i >= 20_000 || held.Count == 3 ? null : Pick(upstream, out _) ?? (held.Count == 0 ? Await(random.Next(8) == 0) : null);
                if (node is not null)
                {
                    held.Enqueue(node);
                    int now = Interlocked.Increment(ref inside[node.Index]);
                    for (int seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
                        Interlocked.CompareExchange(ref most, now, seen);
                }
                else if (held.TryDequeue(out NodeSnapshot? done))
                {
                    Interlocked.Decrement(ref inside[done.Index]);
                    upstream.GiveBack(done);
                }
            }
        }

        NodeSnapshot? Await(bool givesUp)
        {
            var end = new TaskCompletionSource();
            var waiting = new WaitingRequest(upstream, onNode: _ => end.SetResult());
            upstream.Queue!.TryEnter(waiting, int.MaxValue).ShouldBeTrue();
            if (givesUp && upstream.Queue.TryLeave(waiting))
            {
                Interlocked.Increment(ref left);
                return null;
            }

            end.Task.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue("a waiting request was forgotten");
            Interlocked.Increment(ref served);
            return waiting.Node;
        }
    }

    [Fact]
    public void Pick_FreePermits_AllocatesNothing()
    {
        UpstreamSnapshot upstream = Put(Limited(3));

        Allocation.Of(() =>
        {
            for (int i = 0; i < 10_000; i++)
                upstream.GiveBack(Pick(upstream, out _)!);
        }).ShouldBe(0);
    }

    private static string Limited(int max) => $$"""{"max_requests":{{max}},"nodes":{"10.0.0.1:80":1,"10.0.0.2:80":1},"queue":{"size":9} }""";

    private static NodeSnapshot? Pick(UpstreamSnapshot upstream, out bool isFull, TriedNodes tried = default)
    {
        var context = new PickContext(in tried, Balancing.AnyRequest);
        NodeSnapshot? node = upstream.Pick(ref context);
        isFull = context.IsFull;
        return node;
    }

    private UpstreamSnapshot Put(string upstream) => _gateway.PutUpstream(upstream);
}
