using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops.Tls;

/// <summary>Memory that no collector looks after: many handshakes, good ones and bad ones, leave nothing behind.</summary>
public sealed class TlsLeakTests(ITestOutputHelper output)
{
    // An SSL that is lost costs more than 10 KiB. The process's memory comes to rest after some thousand handshakes, .NET's clients included.
    private const int LostBytesMax = 5_000;

    private const int Rounds = 4;

    private static CancellationToken Bound => TestContext.Current.CancellationToken;

    [Fact]
    public Task Handshakes_Thousands_MemoryStaysFlat() => RunAsync(warmUps: 5_000, handshakes: 4_000);

    [Fact]
    [Trait("Category", "Long")]
    public Task Handshakes_Many_MemoryStaysFlat() => RunAsync(warmUps: 10_000, handshakes: 100_000);

    private async Task RunAsync(int warmUps, int handshakes)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        int before = NativeSslCount.Alive;
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port);
        await ShakeHandsAsync(gateway, warmUps);
        await EndedAsync(gateway, before);

        // The least of some rounds: the collector's heap grows now and then, what a handshake loses is lost in every round.
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long memory = Memory();
            await ShakeHandsAsync(gateway, handshakes / Rounds);
            await EndedAsync(gateway, before);
            least = Math.Min(least, (Memory() - memory) / (handshakes / Rounds));
        }

        output.WriteLine($"{least} bytes a handshake");
        least.ShouldBeLessThan(LostBytesMax);
    }

    private static async Task EndedAsync(GatewayUnderTest gateway, int alive)
    {
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0, "all connections are over");
        await Eventually.HoldsAsync(
            () =>
            {
                GC.Collect(); // what .NET's clients forgot to free
                GC.WaitForPendingFinalizers();
                return NativeSslCount.Alive <= alive;
            },
            "every SSL was freed");
    }

    private static Task ShakeHandsAsync(GatewayUnderTest gateway, int count) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Bound }, async (i, _) => await OneAsync(gateway, i));

    /// <summary>In turn: a request in each version, garbage, and a handshake that is cut off somewhere by an end or a reset.</summary>
    private static async Task OneAsync(GatewayUnderTest gateway, int i)
    {
        using var tap = new WireTap(TlsClients.Connect(gateway.Port)) { CutAfter = i % 4 == 2 ? i * 7 % 450 : -1, CutResets = i % 8 == 2 };
        try
        {
            if (i % 4 == 3)
            {
                tap.Inject(new byte[] { 22, 3, 1, 0, 5, 1, 0, 0, 1, (byte)i });
                return;
            }

            await using SslStream client = await TlsClients.ShakeHandsAsync(tap, TlsClients.Options(i % 4 == 0 ? SslProtocols.Tls12 : SslProtocols.Tls13));
            await client.WriteAsync(Encoding.Latin1.GetBytes(TlsGateway.LastGet), Bound);
            await client.CopyToAsync(Stream.Null, Bound);
        }
        catch (Exception error) when (i % 4 == 2 && error is IOException or AuthenticationException or SocketException or ObjectDisposedException)
        {
            // As it was meant.
        }
    }

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Environment.WorkingSet;
    }
}
