using System.Net.Sockets;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Upstream;

/// <summary>Alone, because what other tests allocate at the same time would be counted.</summary>
[CollectionDefinition(nameof(ExchangeAllocationTests), DisableParallelization = true)]
[Collection(nameof(ExchangeAllocationTests))]
public class ExchangeAllocationTests
{
    private const int Exchanges = 10_000;

    [Fact]
    public async Task RentExchangeReturn_TenThousandOnAKeptConnection_LessThanAByteEach()
    {
        using var wheel = new DeadlineWheel();
        await using var connections = new NodeConnections(wheel);
        using var node = new BlockingNode(Answer);
        EndpointState endpoint = Upstream.Exchanges.EndpointOf(node.EndPoint);

        await RunAsync(connections, endpoint, 2_000);

        // The process is not ours alone (the runner reports); what an exchange allocates is there in every round.
        long least = long.MaxValue;
        for (int round = 0; round < 5 && least >= Exchanges; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await RunAsync(connections, endpoint, Exchanges);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        connections.OpenCount.ShouldBe(1);
        least.ShouldBeLessThan(Exchanges);
    }

    private static async Task RunAsync(NodeConnections connections, EndpointState endpoint, int count)
    {
        for (int i = 0; i < count; i++)
        {
            RentResult rented = await connections.RentAsync(endpoint, NoLimit, Core.Config.TimeoutConfig.Default.Connect, fresh: false);
            TransportConnection transport = rented.Connection!.Transport;
            transport.SetReadDeadline(TimeSpan.FromMinutes(1));
            transport.Write("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"u8);
            bool sent = await transport.FlushAsync();
            while (sent && !transport.Unread.EndsWith("\r\n\r\nhello"u8))
            {
                sent = await transport.ReadAsync() == ReadOutcome.Data;
            }

            sent.ShouldBeTrue();
            transport.Consume(transport.Unread.Length);
            connections.Return(rented.Connection, reusable: true);
        }
    }

    private static readonly ConnectionProfile NoLimit = Upstream.Exchanges.ClearWith(requests: int.MaxValue);

    private static void Answer(Socket socket)
    {
        Span<byte> buffer = stackalloc byte[4096];
        while (socket.Receive(buffer, SocketFlags.None, out SocketError error) > 0 && error == SocketError.Success)
            socket.Send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"u8);
    }
}
