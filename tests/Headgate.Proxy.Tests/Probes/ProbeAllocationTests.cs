using System.Net;
using System.Net.Sockets;
using Headgate.Core.Config;
using Headgate.Proxy.Probes;

namespace Headgate.Proxy.Tests.Probes;

/// <summary>What a probe on the event loop costs the collector. Alone, because what other tests allocate at the same time would be counted.</summary>
[CollectionDefinition(nameof(ProbeAllocationTests), DisableParallelization = true)]
[Collection(nameof(ProbeAllocationTests))]
public sealed class ProbeAllocationTests
{
    private const int Probes = 2_000;

    // A connection, its socket and its place in the wheel, the address in the system's form; what the test's own flow takes is in it.
    [Theory]
    [InlineData(false, 2_000)]
    [InlineData(true, 700)]
    public async Task Run_ManyProbes_AllocateLittle(bool reuses, int bytesMax)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var node = new Thread(() => AnswerAll(listener)) { IsBackground = true };
        node.Start();
        await using var prober = new ProberUnderTest(onLoop: true);
        ProbedNode probed = ProberUnderTest.NodeAt((IPEndPoint)listener.LocalEndpoint, new ActiveCheckConfig { ReusesConnection = reuses, Timeout = TimeSpan.FromSeconds(20) });
        await RunAsync(prober, probed, Probes);

        long least = long.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await RunAsync(prober, probed, Probes);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        TestContext.Current.SendDiagnosticMessage("reuse {0}: {1} bytes a probe", reuses, least / Probes);
        (least / Probes).ShouldBeLessThan(bytesMax);
        probed.Drop();
    }

    private static async Task RunAsync(ProberUnderTest prober, ProbedNode probed, int count)
    {
        for (int i = 0; i < count; i++)
            (await prober.ProbeAsync(probed)).Status.ShouldBe(200);
    }

    // Blocking on a thread of its own, one connection after the other.
    private static void AnswerAll(TcpListener listener)
    {
        byte[] buffer = new byte[4096];
        byte[] answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"u8.ToArray();
        try
        {
            while (true)
            {
                using Socket socket = listener.AcceptSocket();
                while (socket.Receive(buffer, SocketFlags.None, out SocketError error) > 0 && error == SocketError.Success)
                    socket.Send(answer);
            }
        }
        catch (SocketException)
        {
            // The end of the test.
        }
    }
}
