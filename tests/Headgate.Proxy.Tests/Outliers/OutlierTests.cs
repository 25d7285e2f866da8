using System.Net.Sockets;
using System.Text;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Outliers;

/// <summary>Outlier detection through a whole data plane, without checks, against nodes on real sockets that fail, reset, hang and dawdle.</summary>
public sealed class OutlierTests
{
    private const string Ok = "HTTP/1.1 200 -\r\nContent-Length: 1\r\n\r\n";
    private const string Timeouts = ",\"timeout\":{\"connect\":5,\"send\":5,\"read\":0.2}";
    private static readonly byte[] Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();

    [Fact]
    public async Task Answers500_EjectTheNodeAtOnceAndAgainAfterItsReturn()
    {
        await using ScriptedNode good = ScriptedNode.StartAnswering("a");
        await using ScriptedNode bad = Answering("HTTP/1.1 500 -\r\nContent-Length: 1\r\n\r\nb");
        var time = new ManualTimeProvider();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(null, time: time);
        gateway.PutUpstream("u", [good.Port, bad.Port], Detection("\"consecutive_5xx\":3,\"base_ejection_time\":0.3"));
        gateway.Put(Core.Config.ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");

        (await AskAsync(gateway, 6)).Count(c => c == 'b').ShouldBe(3);
        await EjectedAsync(gateway, 1);
        (await AskAsync(gateway, 8)).ShouldBe("aaaaaaaa");
        gateway.Plane.Outliers.Ejections(EjectionReason.Consecutive5xx).ShouldBe(1);

        // It returns and is still bad: two failures in a row are enough now.
        await Eventually.HoldsAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromSeconds(0.01)); // it takes a share only at first, and too long without a failure would be forgiven
                await AskAsync(gateway, 4);
                return gateway.Plane.Outliers.Ejections(EjectionReason.Consecutive5xx) >= 2;
            },
            "the second ejection");
        await Eventually.HoldsAsync(() => Node(gateway, 1).Timeline.Changes.Count >= 3, "it is written down");
        NodeChange[] changes = [.. Node(gateway, 1).Timeline.Changes.Take(3)];
        changes.Select(change => change.Kind).ShouldBe([NodeChangeKind.Ejected, NodeChangeKind.Returned, NodeChangeKind.Ejected]);
        changes.ShouldAllBe(change => change.Source == "outlier detection");
        changes.Select(change => change.Reason).ShouldBe(
            ["3 failures in a row; out for 0.3 s", "its time is over", "2 failures in a row after its return; out for 0.6 s"]);
    }

    [Fact]
    public async Task Resets_AreGatewayFailuresThoughTheRequestsSucceed()
    {
        await using ScriptedNode good = ScriptedNode.StartAnswering("a");
        await using ScriptedNode resetting = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            peer.Reset();
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([good.Port, resetting.Port], Detection("\"consecutive_gateway_failure\":2"));

        (await AskAsync(gateway, 8)).ShouldBe("aaaaaaaa");
        await EjectedAsync(gateway, 1);

        int accepted = resetting.Accepted;
        (await AskAsync(gateway, 8)).ShouldBe("aaaaaaaa");
        resetting.Accepted.ShouldBe(accepted);
        gateway.Plane.Outliers.Ejections(EjectionReason.ConsecutiveGatewayFailure).ShouldBe(1);
    }

    [Fact]
    public async Task NoAnswerInTime_IsAGatewayFailureAndASlowAnswer()
    {
        await using ScriptedNode good = ScriptedNode.StartAnswering("a");
        await using ScriptedNode other = ScriptedNode.StartAnswering("a");
        await using ScriptedNode hung = ScriptedNode.Start(peer => peer.IgnoreAsync());
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync(
            [good.Port, other.Port, hung.Port], Detection("\"consecutive_gateway_failure\":2,\"latency_factor\":3,\"interval\":600") + Timeouts);

        (await AskAsync(gateway, 3)).ShouldBe("aaa");
        (int count, double medianMs) = Node(gateway, 2).Outlier.Latencies.Take();
        count.ShouldBe(1);
        medianMs.ShouldBe(200, 7);

        (await AskAsync(gateway, 3)).ShouldBe("aaa");
        await EjectedAsync(gateway, 2);
    }

    [Fact]
    public async Task OneSlowNodeOfFive_AllAnswers200_IsEjected()
    {
        // So far apart that nothing which delays all alike makes one of the fast ones look slow, or the slow one fast.
        await using ScriptedNode slow = Answering(Ok + "s", delayMs: 250);
        ScriptedNode[] fast = [.. Enumerable.Range(0, 4).Select(_ => Answering(Ok + "f", delayMs: 5))];
        try
        {
            await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync(
                [.. fast.Select(node => node.Port), slow.Port],
                Detection("\"interval\":0.5,\"latency_factor\":5,\"latency_request_volume\":5,\"base_ejection_time\":60"));

            await LoadAsync(gateway, () => gateway.Plane.Outliers.Ejections(EjectionReason.Latency) > 0);
            await EjectedAsync(gateway, 4);

            (await AskAsync(gateway, 20)).ShouldNotContain('s');
            string reason = Node(gateway, 4).Timeline.Latest!.Reason;
            reason.ShouldContain("times as long as with its peers");
            reason.ShouldEndWith("the factor is 5, 2 window(s) in a row; out for 60 s");
        }
        finally
        {
            foreach (ScriptedNode node in fast)
                await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task AllNodesSlow_NoneIsEjected()
    {
        ScriptedNode[] nodes = [.. Enumerable.Range(0, 5).Select(_ => Answering(Ok + "s", delayMs: 40))];
        try
        {
            await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync(
                nodes.Select(node => node.Port), Detection("\"interval\":0.3,\"latency_factor\":3,\"latency_request_volume\":5"));
            long requests = 0;

            await LoadAsync(gateway, () => ++requests > 100);

            gateway.Plane.Outliers.Ejections(EjectionReason.Latency).ShouldBe(0);
            Enumerable.Range(0, 5).ShouldAllBe(i => Node(gateway, i).HasOutlier); // and they were looked at
        }
        finally
        {
            foreach (ScriptedNode node in nodes)
                await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task FastErrors_AreNoFastAnswers()
    {
        await using ScriptedNode failing = Answering("HTTP/1.1 500 -\r\nContent-Length: 1\r\n\r\nb");
        await using ScriptedNode good = ScriptedNode.StartAnswering("a");
        await using ScriptedNode other = ScriptedNode.StartAnswering("a");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([failing.Port, good.Port, other.Port], Detection("\"latency_factor\":3,\"interval\":600"));

        (await AskAsync(gateway, 9)).Count(c => c == 'b').ShouldBe(3);

        Node(gateway, 0).Outlier.Latencies.Count.ShouldBe(0);
        Node(gateway, 1).Outlier.Latencies.Count.ShouldBe(3);
    }

    [Fact]
    public async Task FailuresOfAWindow_EjectTheNode()
    {
        await using ScriptedNode good = ScriptedNode.StartAnswering("a");
        await using ScriptedNode bad = ScriptedNode.Start(async peer =>
        {
            for (int i = 0; await peer.ReadHeadAsync() is not null; i++)
                await peer.SendAsync(i % 2 == 0 ? Ok + "b" : "HTTP/1.1 500 -\r\nContent-Length: 1\r\n\r\nb");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync(
            [good.Port, bad.Port], Detection("\"interval\":0.3,\"failure_percentage_threshold\":20,\"failure_percentage_request_volume\":10,\"base_ejection_time\":60"));

        await LoadAsync(gateway, () => gateway.Plane.Outliers.Ejections(EjectionReason.FailurePercentage) > 0);
        await EjectedAsync(gateway, 1);

        Node(gateway, 1).Timeline.Latest!.Reason.ShouldContain(" requests failed, ");
    }

    [Fact]
    public async Task DetectionTakenAway_ReturnsTheNodeAtOnce()
    {
        await using ScriptedNode good = ScriptedNode.StartAnswering("a");
        await using ScriptedNode bad = Answering("HTTP/1.1 500 -\r\nContent-Length: 1\r\n\r\nb");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([good.Port, bad.Port], Detection("\"consecutive_5xx\":3"));
        await AskAsync(gateway, 6);
        await EjectedAsync(gateway, 1);
        gateway.PutUpstream("u", [good.Port, bad.Port], Detection("\"consecutive_5xx\":4") + ",\"retries\":0");
        (await AskAsync(gateway, 4)).ShouldBe("aaaa"); // an edit of another kind keeps the ejection

        gateway.PutUpstream("u", [good.Port, bad.Port]);

        (await AskAsync(gateway, 4)).Count(c => c == 'b').ShouldBe(2);
        Node(gateway, 1).HasOutlier.ShouldBeFalse();
        gateway.Plane.Outliers.Watched.ShouldBeEmpty();
        Node(gateway, 1).Timeline.Latest!.Reason.ShouldBe("the upstream has no outlier detection any more");
    }

    [Fact]
    public async Task UpstreamMadeAgainWithoutDetection_UsesTheNodeThatWasEjected()
    {
        await using ScriptedNode good = ScriptedNode.StartAnswering("a");
        await using ScriptedNode bad = Answering("HTTP/1.1 500 -\r\nContent-Length: 1\r\n\r\nb");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([good.Port, bad.Port], Detection("\"consecutive_5xx\":3"));
        await AskAsync(gateway, 6);
        await EjectedAsync(gateway, 1);

        gateway.Put(Core.Config.ResourceKind.Upstream, "u", null);
        gateway.PutUpstream("u", [good.Port, bad.Port]);

        (await AskAsync(gateway, 4)).Count(c => c == 'b').ShouldBe(2);
    }

    [Fact]
    public async Task TooFewNodesLeft_WithFailTrafficOnPanic_AnswersWith503()
    {
        await using ScriptedNode good = ScriptedNode.StartAnswering("a");
        await using ScriptedNode bad = Answering("HTTP/1.1 500 -\r\nContent-Length: 1\r\n\r\nb");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync(
            [good.Port, bad.Port], Detection("\"consecutive_5xx\":3") + ",\"panic_threshold\":60,\"fail_traffic_on_panic\":true");

        await AskAsync(gateway, 6);
        await Eventually.HoldsAsync(() => gateway.Plane.Upstreams.Find("upstreams/u")!.IsInPanic, "panic");

        using var client = new RawClient(await gateway.ConnectAsync());
        (await client.AskAsync(Get)).Status.ShouldBe(503);
    }

    [Fact]
    public async Task ClientThatGoesAway_CountsAsNothing()
    {
        using var asked = new SemaphoreSlim(0);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            asked.Release();
            await peer.WaitForEndAsync();
        });
        await using ScriptedNode other = ScriptedNode.StartAnswering("a");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port, other.Port], Detection("\"consecutive_gateway_failure\":1,\"consecutive_5xx\":1"));

        using (Socket client = await gateway.ConnectAsync())
        {
            await client.SendAsync(Get);
            await asked.WaitAsync(TestContext.Current.CancellationToken);
            client.LingerState = new LingerOption(true, 0);
        }

        await Eventually.HoldsAsync(() => gateway.Plane.Counters.Tries(AttemptFailure.ClientFailed) == 1, "the client's end");
        (await AskAsync(gateway, 1)).ShouldBe("a");
        Node(gateway, 0).Timeline.Latest.ShouldBeNull();
    }

    private static string Detection(string fields) => $",\"outlier_detection\":{{{fields}}}";

    private static ScriptedNode Answering(string answer, int delayMs = 0) => ScriptedNode.Start(async peer =>
    {
        while (await peer.ReadHeadAsync() is not null)
        {
            await Task.Delay(delayMs, peer.Stopping); // how long such a node takes
            await peer.SendAsync(answer);
        }
    });

    private static NodeState Node(GatewayUnderTest gateway, int index) => gateway.Plane.Upstreams.Find("upstreams/u")!.Nodes[index].State;

    /// <summary>Waits for the ejection, and for the picks to follow it.</summary>
    private static async Task EjectedAsync(GatewayUnderTest gateway, int index)
    {
        await Eventually.HoldsAsync(() => (Node(gateway, index).Exclusions & NodeExclusions.Ejected) != 0, "the ejection");
        await Eventually.HoldsAsync(() => Node(gateway, index).Timeline.Latest is not null, "its record");
        gateway.Plane.Upstreams.Find("upstreams/u")!.RefreshUsable();
    }

    /// <summary>Asks on eight connections until the end is reached, a bound aside.</summary>
    private static async Task LoadAsync(GatewayUnderTest gateway, Func<bool> isOver)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var gate = new Lock();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var client = new RawClient(await gateway.ConnectAsync());
            while (!IsOver())
                (await client.AskAsync(Get)).Body.Length.ShouldBe(1);
        }));

        bool IsOver()
        {
            bound.Token.ThrowIfCancellationRequested();
            lock (gate)
                return isOver();
        }
    }

    private static async Task<string> AskAsync(GatewayUnderTest gateway, int requests)
    {
        using var client = new RawClient(await gateway.ConnectAsync());
        string bodies = "";
        for (int i = 0; i < requests; i++)
            bodies += Encoding.Latin1.GetString((await client.AskAsync(Get)).Body.Span);
        return bodies;
    }
}
