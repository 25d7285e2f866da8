using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops.Tls;

/// <summary>Clients that stall or vanish in a handshake, that speak no TLS, and a gateway that stops in between.</summary>
public sealed class TlsTimingTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private static CancellationToken Bound => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(100)] // per cent of the ClientHello
    public async Task Handshake_ThatStalls_IsClosedAfterHeadTimeout(int percent)
    {
        TlsGateway.SkipOnKestrel();
        byte[] hello = await HelloRecorder.OfSslStreamAsync(TlsClients.Options());
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(TlsClients.Ecdsa, new ProxyLimits { HeadTimeout = Short });
        using Socket client = await gateway.ConnectAsync();
        await client.SendAsync(hello.AsMemory(0, hello.Length * percent / 100));
        string answer = await GatewayUnderTest.ReadToEndAsync(client).WaitAsync(TimeSpan.FromSeconds(10), Bound);
        (answer.Length > 100).ShouldBe(percent == 100, "only a whole ClientHello is answered");
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0, "closed");
    }

    [Fact]
    public async Task Handshake_ByteByByte_IsClosedAfterHeadTimeout()
    {
        TlsGateway.SkipOnKestrel();
        byte[] hello = await HelloRecorder.OfSslStreamAsync(TlsClients.Options());
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(TlsClients.Ecdsa, new ProxyLimits { HeadTimeout = Short });
        using Socket client = await gateway.ConnectAsync();
        Task<string> answer = GatewayUnderTest.ReadToEndAsync(client);
        for (int i = 0; i < hello.Length && !answer.IsCompleted; i++)
        {
            try
            {
                await client.SendAsync(hello.AsMemory(i, 1));
            }
            catch (SocketException)
            {
                break;
            }

            await Task.WhenAny(answer, Task.Delay(Short / 30, Bound));
        }

        await answer.WaitAsync(TimeSpan.FromSeconds(10), Bound);
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0, "closed");
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, false)]
    [InlineData(SslProtocols.Tls13, true)]
    public async Task Handshake_CutOff_LeavesNothing(SslProtocols protocol, bool resets)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port);
        for (int cut = 0; cut < 400; cut += 9)
        {
            using var tap = new WireTap(TlsClients.Connect(gateway.Port)) { CutAfter = cut, CutResets = resets };
            try
            {
                await using SslStream client = await TlsClients.ShakeHandsAsync(tap, TlsClients.Options(protocol));
                await client.WriteAsync(new byte[400], Bound);
            }
            catch (Exception error) when (error is IOException or AuthenticationException or ObjectDisposedException)
            {
                // As it was meant.
            }
        }

        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0, "closed");
        await using SslStream after = await TlsClients.OpenAsync(gateway.Port, TlsClients.Options(protocol));
        await after.WriteAsync(Encoding.Latin1.GetBytes(TlsGateway.LastGet), Bound);
        (await new StreamReader(after).ReadToEndAsync(Bound)).ShouldStartWith("HTTP/1.1 200 ");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ClearText_OnTheTlsPort_IsToldSo(bool http2)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port, http2: http2);
        string answer = await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + new string('x', 100_000), finish: true);
        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("\r\nConnection: close\r\n");
        answer.ShouldEndWith("{\"error_msg\":\"this port speaks HTTPS, and the request came in plain HTTP\"}\n");
        gateway.Plane.Counters.RequestsByStatusClass(4).ShouldBe(1);
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0, "closed");
        node.Accepted.ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Garbage_OnTheTlsPort_IsClosed(bool http2)
    {
        var random = new Random(TestSeed.Value);
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(TlsClients.Ecdsa, http2: http2);
        for (int i = 0; i < 100; i++)
        {
            byte[] bytes = new byte[random.Next(1, 2000)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
                new byte[] { 22, 3, 1, 0, (byte)random.Next(256), 1, 0, 0 }.AsSpan(0, Math.Min(8, bytes.Length)).CopyTo(bytes);
            using Socket client = await gateway.ConnectAsync();
            await client.SendAsync(bytes);
            client.Shutdown(SocketShutdown.Send);
            (await GatewayUnderTest.ReadToEndAsync(client).WaitAsync(TimeSpan.FromSeconds(10), Bound)).ShouldNotContain("HTTP/1.1 2");
        }

        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0, "closed");
    }

    [Theory]
    [InlineData(0x4801)] // longer than any may be
    [InlineData(0x4000)] // long enough, but not encrypted
    public async Task Record_ThatCannotBe_EndsTheConnection(int length)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port);
        using var tap = new WireTap(TlsClients.Connect(gateway.Port));
        await using SslStream client = await TlsClients.ShakeHandsAsync(tap);
        byte[] record = new byte[5 + length];
        (record[0], record[1], record[2], record[3], record[4]) = (0x17, 3, 3, (byte)(length >> 8), (byte)length);
        tap.Inject(record);
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0, "closed");
        node.Accepted.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(100)]
    public async Task Stop_DuringAHandshake_IsDoneAtOnce(int percent)
    {
        TlsGateway.SkipOnKestrel();
        byte[] hello = await HelloRecorder.OfSslStreamAsync(TlsClients.Options());
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(TlsClients.Ecdsa);
        using Socket client = await gateway.ConnectAsync();
        await client.SendAsync(hello.AsMemory(0, hello.Length * percent / 100));
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 1, "accepted");
        if (percent == 100)
            (await client.ReceiveAsync(new byte[100])).ShouldBeGreaterThan(0);
        await gateway.Plane.StopAsync(Bound).WaitAsync(TimeSpan.FromSeconds(10), Bound);
        await GatewayUnderTest.ReadToEndAsync(client);
        gateway.Plane.Counters.ConnectionsOpen.ShouldBe(0);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls13, false)]
    [InlineData(SslProtocols.Tls13, true)]
    public async Task Stop_IdleConnection_IsEndedInOrder(SslProtocols protocol, bool hasAsked)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port);
        await using SslStream client = await TlsClients.OpenAsync(gateway.Port, TlsClients.Options(protocol));
        byte[] buffer = new byte[1000];
        if (hasAsked)
        {
            await client.WriteAsync(Encoding.Latin1.GetBytes(TlsGateway.Get), Bound);
            (await client.ReadAsync(buffer, Bound)).ShouldBeGreaterThan(0);
        }

        Task stopping = gateway.Plane.StopAsync(Bound);
        (await client.ReadAsync(buffer, Bound).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Bound)).ShouldBe(0);
        await stopping.WaitAsync(TimeSpan.FromSeconds(10), Bound);
        gateway.Plane.Counters.ConnectionsOpen.ShouldBe(0);
    }

    [Fact]
    public async Task Stop_WithARequestUnderWay_AnswersIt()
    {
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            asked.SetResult();
            await go.Task;
            await peer.AnswerAsync("done");
        });
        await using GatewayUnderTest gateway = await TlsGateway.StartAsync(node.Port);
        await using SslStream client = await TlsClients.OpenAsync(gateway.Port);
        await client.WriteAsync(Encoding.Latin1.GetBytes(TlsGateway.Get), Bound);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10), Bound);
        Task stopping = gateway.Plane.StopAsync(Bound);
        go.SetResult();
        (await new StreamReader(client).ReadToEndAsync(Bound)).ShouldEndWith("\r\n\r\ndone");
        await stopping.WaitAsync(TimeSpan.FromSeconds(10), Bound);
    }
}
