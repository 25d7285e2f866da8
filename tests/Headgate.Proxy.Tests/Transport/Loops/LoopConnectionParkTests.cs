using System.Net.Sockets;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Transport.Loops;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>A connection between two exchanges: parked only at rest, its end noticed at once and told once.</summary>
public sealed class LoopConnectionParkTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);
    private readonly LoopUnderTest _test = new();

    public void Dispose()
    {
        _test.Dispose();
        _test.Log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Park_AndTake_AsOftenAsOneLikes()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            var watcher = new IdleRecorder();
            connection.IdleWatcher = watcher;
            for (int i = 0; i < 10; i++)
            {
                (await _test.CallAsync(connection.TryPark)).ShouldBeTrue();
                connection.IsParked.ShouldBeTrue();
                (await _test.CallAsync(connection.TryTake)).ShouldBeTrue();
                (await _test.CallAsync(connection.TryTake)).ShouldBeFalse("it is taken");
                await peer.SendAsync(ConnectionWords.BytesAt(0, 100));
                (await _test.RunAsync(() => connection.ReadUntilAsync(100))).ShouldBe(ConnectionWords.BytesAt(0, 100));
                await _test.CallAsync(() => connection.Consume(100));
            }

            watcher.Ended.ShouldBe(0);
            connection.Release();
        }
    }

    [Theory]
    [InlineData("speaks")]
    [InlineData("finishes")]
    [InlineData("resets")]
    [InlineData("deadline")]
    [InlineData("abort")]
    public async Task Parked_Ends_ItsWatcherIsToldOnce(string how)
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        var watcher = new IdleRecorder();
        await _test.CallAsync(() =>
        {
            connection.IdleWatcher = watcher;
            connection.TryPark().ShouldBeTrue();
            if (how == "deadline")
                connection.SetReadDeadline(Short);
        });
        if (how == "speaks")
            await peer.SendAsync(new byte[1]);
        else if (how == "finishes")
            peer.Shutdown(SocketShutdown.Send);
        else if (how == "resets")
            peer.Reset();
        else if (how == "abort")
            connection.Abort(EndCause.NotNeeded);
        await Eventually.HoldsAsync(() => watcher.Ended == 1, "told");
        (await _test.CallAsync(connection.TryTake)).ShouldBeFalse();
        connection.Release();
        await _test.RoundsAsync();
        (await _test.HoldsAsync(connection)).ShouldBeFalse();
        watcher.Ended.ShouldBe(1);
        peer.Dispose();
    }

    [Theory]
    [InlineData("unread")]
    [InlineData("to be received")]
    [InlineData("unflushed")]
    [InlineData("finished")]
    [InlineData("reading")]
    [InlineData("aborted")]
    public async Task Park_NotAtRest_Refused(string what)
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        connection.IdleWatcher = new IdleRecorder();
        if (what is "unread" or "to be received")
            await peer.SendAsync(new byte[1]);
        if (what == "unread")
            await _test.RunAsync(() => connection.ReadUntilAsync(1));
        else if (what == "unflushed")
            await _test.CallAsync(() => connection.WriteStream(1));
        else if (what == "finished")
            peer.Shutdown(SocketShutdown.Send);
        else if (what == "reading")
            _ = _test.RunAsync(connection.ReadAsync);
        else if (what == "aborted")
            connection.Abort(EndCause.NotNeeded);
        await _test.RoundsAsync();
        if (what is "to be received" or "finished")
            await Eventually.HoldsAsync(() => IsReadable(connection), "the system has passed it on, which may take it a moment on a busy machine");
        (await _test.CallAsync(connection.TryPark)).ShouldBeFalse();
        connection.Release();
        await _test.RoundsAsync();
        peer.Dispose();
    }

    private static bool IsReadable(LoopConnection connection)
    {
        using var socket = new Socket(new SafeSocketHandle((nint)connection.Socket.Fd, ownsHandle: false));
        return socket.Poll(0, SelectMode.SelectRead);
    }
}
