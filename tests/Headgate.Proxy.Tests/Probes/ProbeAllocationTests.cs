using System.Net.Sockets;
using Headgate.Core.Config;
using Headgate.Proxy.Probes;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Probes;

/// <summary>What a probe on the event loop costs the collector. Alone, because what other tests allocate at the same time would be counted.</summary>
[CollectionDefinition(nameof(ProbeAllocationTests), DisableParallelization = true)]
[Collection(nameof(ProbeAllocationTests))]
public sealed class ProbeAllocationTests
{
    // Nothing but what the test does, which is a socket for each connection of their own. Those wait for a step of the clock each.
    [Theory]
    [InlineData(false, 100, 1_000)]
    [InlineData(true, 2_000, 50)]
    public async Task Run_ManyProbes_AllocateLittle(bool reuses, int probes, int bytesMax)
    {
        using var node = new BlockingNode(Answer, oneAfterTheOther: true);
        await using var prober = new ProberUnderTest(onLoop: true);
        ProbedNode probed = ProberUnderTest.NodeAt(node.EndPoint, new ActiveCheckConfig { ReusesConnection = reuses, Timeout = TimeSpan.FromSeconds(20) });
        (await prober.ProbeManyAsync(probed, probes)).ShouldBe(probes);

        long least = long.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            (await prober.ProbeManyAsync(probed, probes)).ShouldBe(probes);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        TestContext.Current.SendDiagnosticMessage("reuse {0}: {1} bytes a probe", reuses, least / probes);
        (least / probes).ShouldBeLessThan(bytesMax);
        probed.Drop();
    }

    private static void Answer(Socket socket)
    {
        Span<byte> buffer = stackalloc byte[4096];
        while (socket.Receive(buffer, SocketFlags.None, out SocketError error) > 0 && error == SocketError.Success)
            socket.Send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"u8);
    }
}
