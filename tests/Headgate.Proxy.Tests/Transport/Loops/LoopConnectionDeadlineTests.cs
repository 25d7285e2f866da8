using System.Net.Sockets;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Transport.Loops;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>Deadlines of connections on a loop: who is closed in order, who is reset, and nobody whose deadline moves on.</summary>
public sealed class LoopConnectionDeadlineTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);
    private readonly LoopUnderTest _test = new();

    public void Dispose()
    {
        _test.Dispose();
        _test.Log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task ReadDeadline_OfAClient_EndsItInOrder()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            Task<ReadOutcome> reading = _test.RunAsync(() =>
            {
                connection.SetReadDeadline(Short);
                return connection.ReadAsync();
            });
            (await reading).ShouldBe(ReadOutcome.Failed);
            connection.EndCause.ShouldBe(EndCause.Deadline);
            (await peer.ReadToEndAsync()).InOrder.ShouldBeTrue();
            connection.Release();
        }
    }

    [Fact]
    public async Task ReadDeadline_OfANode_ResetsIt()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            connection.IdleWatcher = new IdleRecorder();
            Task<ReadOutcome> reading = _test.RunAsync(() =>
            {
                connection.SetReadDeadline(Short);
                return connection.ReadAsync();
            });
            (await reading).ShouldBe(ReadOutcome.Failed);
            connection.EndCause.ShouldBe(EndCause.Deadline);
            (await peer.ReadToEndAsync()).InOrder.ShouldBeFalse();
            connection.Release();
        }
    }

    [Fact]
    public async Task WriteDeadline_PeerTakesNothing_ResetsIt()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync(bufferBytes: 4096);
        using (peer)
        {
            Task<bool> flushing = _test.RunAsync(() =>
            {
                connection.SetWriteDeadline(Short);
                connection.WriteStream(1_000_000);
                return connection.FlushAsync();
            });
            (await flushing).ShouldBeFalse();
            connection.EndCause.ShouldBe(EndCause.Deadline);
            (await peer.ReadToEndAsync()).InOrder.ShouldBeFalse();
            connection.Release();
        }
    }

    [Fact]
    public async Task Deadline_MovedAhead_DoesNotEndIt()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            Task<bool> flow = _test.RunAsync(async () =>
            {
                for (int i = 0; i < 50; i++)
                {
                    connection.SetReadDeadline(TimeSpan.FromSeconds(3));
                    if (await connection.ReadAsync() != ReadOutcome.Data)
                        return false;
                    connection.Consume(connection.Unread.Length);
                    connection.WriteStream(1);
                    if (!await connection.FlushAsync())
                        return false;
                }

                connection.DeadlineMs = 0;
                return true;
            });
            byte[] answer = new byte[1];
            for (int i = 0; i < 50; i++)
            {
                await peer.SendAsync(new byte[1]);
                (await peer.ReceiveAsync(answer)).ShouldBe(1);
            }

            (await flow).ShouldBeTrue();
            connection.EndCause.ShouldBe(EndCause.None);
            connection.Release();
        }
    }
}
