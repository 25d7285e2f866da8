using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Headgate.Proxy.Calls;
using Headgate.Proxy.Registries;
using Headgate.Testing;
using Headgate.Testing.Registries;

namespace Headgate.Proxy.Tests.Calls;

/// <summary>What TCP is told about connections to registries.</summary>
public sealed class ProbedConnectionsTests
{
    [Fact]
    public async Task Connect_Socket_AsksAQuietPeer()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("");
        await using Stream stream = await ProbedConnections.ConnectAsync(new DnsEndPoint("localhost", node.Port), CancellationToken.None);
        Socket socket = ((NetworkStream)stream).Socket;
        ((int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!).ShouldNotBe(0);
        Option(socket, SocketOptionName.TcpKeepAliveTime).ShouldBe(15);
        Option(socket, SocketOptionName.TcpKeepAliveInterval).ShouldBe(5);
        Option(socket, SocketOptionName.TcpKeepAliveRetryCount).ShouldBe(3);
        socket.NoDelay.ShouldBeTrue();
    }

    [Fact]
    public async Task Connect_Refused_IsTheSocketsError()
    {
        int port = ScriptedNode.RefusingPort(out IDisposable holder);
        using (holder)
            await Should.ThrowAsync<SocketException>(async () => await ProbedConnections.ConnectAsync(new DnsEndPoint("localhost", port), CancellationToken.None));
    }

    /// <summary>What the kernel says of the connection that a registry's client has made: a timer of keepalive that runs out in 15 s at most.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ask_ConnectionToARegistry_IsProbed_OthersAreNot(bool isRegistry)
    {
        await using AnsweringServer server = await AnsweringServer.StartAsync();
        server.Say("[]");
        var address = new Uri(server.Url + "/");
        using var servers = new RegistryServers([address], new RegistryServerTerms { ConnectTimeout = TimeSpan.FromSeconds(20) }, TimeProvider.System);
        using HttpClient other = CallClients.Make(new CallTerms(VerifiesTls: true, KeepsAlive: true, TimeSpan.FromSeconds(60)));
        if (isRegistry)
            (await servers.GetAsync("", TimeSpan.FromSeconds(20), CancellationToken.None)).Status.ShouldBe(200);
        else
            (await other.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (int Kind, int Left) timer = default;
        await Eventually.HoldsAsync(() => (timer = Timer(address.Port)).Kind == (isRegistry ? KeepaliveTimer : 0), $"the timer; it is {timer}");
        if (isRegistry)
            timer.Left.ShouldBeInRange(1, ProbedConnections.QuietSeconds * TicksPerSecond);
    }

    private const int KeepaliveTimer = 2; // proc(5), net/tcp: 0 = none, 1 = something is sent again
    private const int TicksPerSecond = 100;

    private static int Option(Socket socket, SocketOptionName name) => (int)socket.GetSocketOption(SocketOptionLevel.Tcp, name)!;

    /// <summary>The timer of the connection to a port of this machine, and how long it still runs, in hundredths of a second.</summary>
    private static (int Kind, int Left) Timer(int port)
    {
        string peer = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (string line in File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6")))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[2].EndsWith(peer, StringComparison.Ordinal) && fields[3] == "01")
                return (Hex(fields[5].Split(':')[0]), Hex(fields[5].Split(':')[1]));
        }

        return (-1, 0);
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
