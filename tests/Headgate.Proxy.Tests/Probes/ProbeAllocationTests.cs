using System.Net.Sockets;
using Headgate.Core.Config;
using Headgate.Proxy.Probes;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Probes;

/// <summary>What a probe on the event loop costs the collector; the loop's thread alone is looked at, so that what the node of the test allocates does not count.</summary>
[CollectionDefinition(nameof(ProbeAllocationTests), DisableParallelization = true)]
[Collection(nameof(ProbeAllocationTests))]
public sealed class ProbeAllocationTests
{
    // On the loop's thread nothing in either way. Probes on connections of their own wait for a step of the clock each.
    [Theory]
    [InlineData(false, 50, 500)]
    [InlineData(true, 2_000, 1)]
    public async Task Run_ManyProbes_AllocateLittle(bool reuses, int probes, int bytesMax)
    {
        using var node = new BlockingNode(Answer, oneAfterTheOther: true);
        await using var prober = new ProberUnderTest(onLoop: true);
        ProbedNode probed = ProberUnderTest.NodeAt(node.EndPoint, new ActiveCheckConfig { ReusesConnection = reuses, Timeout = TimeSpan.FromSeconds(20) });
        (await prober.ProbeManyAsync(probed, probes)).Succeeded.ShouldBe(probes);

        long least = long.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            (int succeeded, long allocated) = await prober.ProbeManyAsync(probed, probes);
            succeeded.ShouldBe(probes);
            least = Math.Min(least, allocated);
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
