using System.Net;
using System.Net.Sockets;
using Headgate.Proxy.Transport.Kestrel;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Transport.Kestrel;

/// <summary>The queue between whoever accepts and Kestrel.</summary>
public sealed class HandedOverListenerTests
{
    private static CancellationToken Bound => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TooManyWaiting_AreRefused_AndTheOthersAreClosedWithTheListener()
    {
        int lost = 0;
        var factory = new HandedOverListenerFactory(2, new SocketConnectionFactoryOptions(), NullLoggerFactory.Instance, () => lost++);
        using var before = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        factory.TryHandOver(1, before).ShouldBeFalse();
        var bound = new IPEndPoint(IPAddress.Loopback, 1234);
        IConnectionListener listener = await factory.BindAsync(new HandedOverEndPoint(1, bound), Bound);
        listener.EndPoint.ShouldBe(bound);
        Socket[] sockets = [.. Enumerable.Range(0, HandedOverListener.WaitingMax + 1).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))];
        sockets[..^1].ShouldAllBe(s => factory.TryHandOver(1, s));
        factory.TryHandOver(1, sockets[^1]).ShouldBeFalse();
        factory.TryHandOver(0, sockets[^1]).ShouldBeFalse();
        await listener.DisposeAsync();
        lost.ShouldBe(HandedOverListener.WaitingMax);
        sockets.Count(s => s.SafeHandle.IsClosed).ShouldBe(HandedOverListener.WaitingMax);
        sockets[^1].Dispose();
        (await listener.AcceptAsync(Bound)).ShouldBeNull();
    }

    /// <summary>Handed over in the moment of the stop: it was taken, so it must come out at the other end.</summary>
    [Fact]
    public async Task Accept_AfterUnbind_YieldsWhatWaits_ThenNull_AndSkipsWhatIsGone()
    {
        int lost = 0;
        var factory = new HandedOverListenerFactory(1, new SocketConnectionFactoryOptions(), NullLoggerFactory.Instance, () => lost++);
        IConnectionListener listener = await factory.BindAsync(new HandedOverEndPoint(0, new IPEndPoint(IPAddress.Loopback, 1234)), Bound);
        using var listening = new TcpListener(IPAddress.Loopback, 0);
        listening.Start();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)listening.LocalEndpoint).Port, Bound);
        var gone = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        factory.TryHandOver(0, gone).ShouldBeTrue();
        factory.TryHandOver(0, await listening.AcceptSocketAsync(Bound)).ShouldBeTrue();
        gone.Dispose();

        await listener.UnbindAsync(Bound);
        factory.TryHandOver(0, gone).ShouldBeFalse();
        ConnectionContext connection = (await listener.AcceptAsync(Bound)).ShouldNotBeNull();
        ((IPEndPoint)connection.RemoteEndPoint!).Port.ShouldBe(((IPEndPoint)client.Client.LocalEndPoint!).Port);
        lost.ShouldBe(1);
        (await listener.AcceptAsync(Bound)).ShouldBeNull();
        await connection.DisposeAsync();
        await listener.DisposeAsync();
    }
}
