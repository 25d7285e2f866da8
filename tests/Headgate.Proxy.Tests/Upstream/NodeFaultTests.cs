using System.Net;
using System.Text;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Upstream;

public sealed class NodeFaultTests : IAsyncDisposable
{
    private readonly DeadlineWheel _wheel = new();
    private readonly NodeConnections _connections;

    public NodeFaultTests() => _connections = new NodeConnections(_wheel);

    public async ValueTask DisposeAsync()
    {
        await _connections.DisposeAsync();
        _wheel.Dispose();
    }

    [Fact]
    public async Task Rent_NobodyListens_Refused()
    {
        int port = ScriptedNode.RefusingPort(out IDisposable holder);
        using (holder)
        {
            RentResult result = await RentAsync(new IPEndPoint(IPAddress.Loopback, port), 5);

            result.ShouldBe(new RentResult(null, AttemptFailure.Refused));
        }
    }

    [Fact]
    public async Task Rent_AddressWithoutARoute_Unreachable()
    {
        // Multicast takes no TCP connection: the kernel says so at once.
        RentResult result = await RentAsync(new IPEndPoint(IPAddress.Parse("224.0.0.1"), 80), 5);

        result.ShouldBe(new RentResult(null, AttemptFailure.Unreachable));
    }

    [Fact]
    public async Task Rent_BacklogFull_ConnectTimeoutInItsTime()
    {
        using FullListener full = await FullListener.StartAsync();

        long begin = _wheel.NowMs;
        RentResult result = await RentAsync(full.EndPoint, 0.3);

        result.ShouldBe(new RentResult(null, AttemptFailure.ConnectTimeout));
        (_wheel.NowMs - begin).ShouldBeInRange(300, 15_000);
    }

    [Theory]
    [InlineData("after the request")]
    [InlineData("inside the head")]
    [InlineData("inside the body")]
    public async Task Read_NodeResets_Failed(string when)
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            if (when == "inside the head")
                await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-");
            if (when == "inside the body")
                await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
            peer.Reset();
        });
        NodeConnection connection = await _connections.RentAsync(node.Endpoint());

        (await connection.GetAsync()).ShouldBeNull();

        connection.Transport.EndCause.ShouldBe(EndCause.None);
        _connections.Return(connection, reusable: false);
        _connections.OpenCount.ShouldBe(0);
    }

    [Fact]
    public async Task Rent_NodeResetsAtOnce_NoConnectionOrOneThatFails()
    {
        await using ScriptedNode node = ScriptedNode.Start(peer =>
        {
            peer.Reset();
            return Task.CompletedTask;
        });

        RentResult result = await RentAsync(node.EndPoint, 5);

        // The reset may come before or after the kernel says that the connection stands.
        if (result.Connection is { } connection)
        {
            (await connection.GetAsync()).ShouldBeNull();
            _connections.Return(connection, reusable: false);
        }
        else
        {
            result.Failure.ShouldBe(AttemptFailure.Unreachable);
        }

        _connections.OpenCount.ShouldBe(0);
    }

    [Fact]
    public async Task Read_NodeFinishesSending_EndAndWritingStillWorks()
    {
        var seen = new TaskCompletionSource<string?>();
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.SendAsync("early");
            peer.CloseSend();
            seen.SetResult(await peer.ReadHeadAsync());
        });
        NodeConnection connection = await _connections.RentAsync(node.Endpoint());
        TransportConnection transport = connection.Transport;
        while (transport.Unread.Length < 5)
            (await transport.ReadAsync()).ShouldBe(ReadOutcome.Data);

        (await transport.ReadAsync()).ShouldBe(ReadOutcome.End);
        transport.Unread.SequenceEqual("early"u8).ShouldBeTrue();
        transport.Write("GET / HTTP/1.1\r\n\r\n"u8);
        (await transport.FlushAsync()).ShouldBeTrue();

        (await seen.Task.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe("GET / HTTP/1.1\r\n\r\n");
    }

    [Fact]
    public async Task Flush_NodeReadsNothing_WaitsUntilTheDeadline()
    {
        await using ScriptedNode node = ScriptedNode.Start(peer => peer.IgnoreAsync());
        NodeConnection connection = await _connections.RentAsync(node.Endpoint());
        byte[] piece = new byte[60_000];
        bool taken;
        do
        {
            connection.Transport.Write(piece);
            connection.Transport.SetWriteDeadline(TimeSpan.FromMilliseconds(300));
            taken = await connection.Transport.FlushAsync();
        }
        while (taken);

        connection.Transport.EndCause.ShouldBe(EndCause.Deadline);
        _connections.Return(connection, reusable: false);
        _connections.OpenCount.ShouldBe(0);
    }

    [Fact]
    public async Task Read_BytesInSmallPiecesHeld_AllThereInOrder()
    {
        string text = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"{i:00000}."));
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            for (int sent = 0; sent < text.Length; sent += 1_777)
                await peer.SendAsync(text.Substring(sent, Math.Min(1_777, text.Length - sent)));
            peer.CloseSend();
            await peer.WaitForEndAsync();
        });
        NodeConnection connection = await _connections.RentAsync(node.Endpoint());
        TransportConnection transport = connection.Transport;

        // Consumes a little now and then, so that what is held moves and grows.
        var read = new StringBuilder();
        while (await transport.ReadAsync() == ReadOutcome.Data)
        {
            int count = Math.Min(transport.Unread.Length, 700);
            read.Append(Encoding.Latin1.GetString(transport.Unread[..count]));
            transport.Consume(count);
        }

        read.Append(Encoding.Latin1.GetString(transport.Unread));
        read.ToString().ShouldBe(text);
    }

    [Fact]
    public async Task Abort_FromManyThreadsWhileExchanging_NothingHangsAndNoBufferIsShared()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
                await peer.AnswerAsync(string.Concat(Enumerable.Repeat(head.Split(' ')[1], 2_000)));
        });
        EndpointState endpoint = node.Endpoint();
        int broken = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (int i = 0; i < 150; i++)
            {
                NodeConnection connection = await _connections.RentAsync(endpoint);
                bool abort = random.Next(3) == 0;
                Task aborting = abort ? Task.Run(() => connection.Transport.Abort(EndCause.NotNeeded)) : Task.CompletedTask;
                string path = $"/{worker}-{i}";
                string? body = await connection.GetAsync(path);
                if (body is null)
                    Interlocked.Increment(ref broken);
                else
                    body.ShouldBe(string.Concat(Enumerable.Repeat(path, 2_000)));
                body ??= abort ? "" : throw new InvalidOperationException("an exchange that nobody broke failed");
                await aborting;
                _connections.Return(connection, reusable: body.Length > 0);
            }
        }))).WaitAsync(TimeSpan.FromSeconds(60));

        broken.ShouldBeGreaterThan(0);
        node.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Exchange_EightThreadsOnAFewConnections_EveryBodyIsItsOwn()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
            {
                string path = head.Split(' ')[1];
                await peer.AnswerAsync(path + new string('.', path.GetHashCode(StringComparison.Ordinal) & 0x7FFF));
            }
        });
        EndpointState endpoint = node.Endpoint();
        ConnectionProfile profile = Exchanges.ClearWith(size: 4, requests: 50);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                NodeConnection connection = await _connections.RentAsync(endpoint, profile);
                string path = $"/{worker}-{i}";
                string body = (await connection.GetAsync(path)).ShouldNotBeNull();
                body.TrimEnd('.').ShouldBe(path);
                _connections.Return(connection, reusable: true);
            }
        }))).WaitAsync(TimeSpan.FromSeconds(60));

        _connections.OpenCount.ShouldBeLessThanOrEqualTo(4);
        node.Errors.ShouldBeEmpty();
    }

    private ValueTask<RentResult> RentAsync(IPEndPoint address, double connectSeconds) =>
        _connections.RentAsync(Exchanges.EndpointOf(address), Exchanges.Clear, Exchanges.ConnectWithin(connectSeconds), fresh: false);
}
