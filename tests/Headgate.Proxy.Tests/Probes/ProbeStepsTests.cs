using System.Net;
using System.Net.Sockets;
using System.Text;
using Headgate.Core.Config;
using Headgate.Proxy.Probes;
using Headgate.Proxy.Tests.Upstream;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Probes;

/// <summary>The short way of probes on the loop: sockets that are used for one node after the other, and connections that take their time.</summary>
public sealed class ProbeStepsTests
{
    private static readonly ActiveCheckConfig Patient = new() { Timeout = TimeSpan.FromSeconds(20) };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_NodesThatFinish_EachProbeIsAConnectionOfItsOwn(bool withBody)
    {
        // A body that is not read keeps the socket from being used again; what is in it must not come up in the next answer.
        string body = withBody ? new string('b', 100_000) : "";
        var prober = new ProberUnderTest(onLoop: true);
        await using ScriptedNode good = Finishing("200 OK", IPAddress.Loopback), bad = Finishing("503 Down", IPAddress.IPv6Loopback), other = Finishing("404 No", IPAddress.Loopback);
        ProbedNode[] nodes = [.. new[] { good, bad, other }.Select(node => ProberUnderTest.NodeAt(node.EndPoint, Patient))];

        for (int round = 0; round < 10; round++)
        {
            HealthFinding[] findings = await Task.WhenAll(nodes.Select(prober.ProbeAsync));
            findings.Select(finding => finding.Status).ShouldBe([200, 503, 404]);
        }

        await prober.DisposeAsync();
        foreach (ScriptedNode node in new[] { good, bad, other })
        {
            node.Accepted.ShouldBe(10);
            await Eventually.HoldsAsync(() => node.Open == 0, "their end");
            if (!withBody)
                node.Errors.ShouldBeEmpty();
        }

        ScriptedNode Finishing(string status, IPAddress address) => ScriptedNode.Start(
            async peer =>
            {
                await peer.ReadHeadAsync();
                await peer.SendAsync($"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n");
                if (withBody)
                    await peer.SendAsync(body);
            },
            address);
    }

    [Fact]
    public async Task Run_NodeThatStillReads_SeesTheEndInOrder()
    {
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var prober = new ProberUnderTest(onLoop: true);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.AnswerAsync("a");
            ended.SetResult(await peer.WaitForEndAsync());
        });

        (await prober.ProbeAsync(ProberUnderTest.NodeAt(node.EndPoint, Patient))).Status.ShouldBe(200);

        (await ended.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).ShouldBeTrue();
        node.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_ConnectTakesASecond_IsWaitedFor()
    {
        await using var prober = new ProberUnderTest(onLoop: true);
        using FullListener full = await FullListener.StartAsync();
        Task<HealthFinding> probe = prober.ProbeAsync(ProberUnderTest.NodeAt(full.EndPoint, Patient));

        using Socket peer = await full.AcceptNewcomerAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        byte[] head = new byte[1024];
        int count = await peer.ReceiveAsync(head).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await peer.SendAsync("HTTP/1.1 204 None\r\n\r\n"u8.ToArray());

        Encoding.ASCII.GetString(head, 0, count).ShouldStartWith("GET / HTTP/1.1\r\n");
        (await probe).ShouldBe(new HealthFinding(AttemptFailure.None, 204));
    }

    [Fact]
    public async Task Dispose_ProbesUnderWay_TheirConnectionsEnd()
    {
        var prober = new ProberUnderTest(onLoop: true);
        await using ScriptedNode node = ScriptedNode.Start(peer => peer.WaitForEndAsync());
        _ = prober.ProbeAsync(ProberUnderTest.NodeAt(node.EndPoint, Patient));
        await Eventually.HoldsAsync(() => node.Open == 1, "the probe");

        await prober.DisposeAsync();

        await Eventually.HoldsAsync(() => node.Accepted == 1 && node.Open == 0, "its end");
    }
}
