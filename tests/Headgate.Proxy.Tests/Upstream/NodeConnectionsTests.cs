using Headgate.Core.Upstreams;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Upstream;

public sealed class NodeConnectionsTests : IAsyncDisposable
{
    private readonly DeadlineWheel _wheel = new();
    private readonly NodeConnections _connections;

    public NodeConnectionsTests() => _connections = new NodeConnections(_wheel);

    public async ValueTask DisposeAsync()
    {
        await _connections.DisposeAsync();
        _wheel.Dispose();
    }

    [Fact]
    public async Task Rent_AfterReturnReusable_SameConnection()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        EndpointState endpoint = node.Endpoint();

        for (int i = 1; i <= 100; i++)
        {
            NodeConnection connection = await _connections.RentAsync(endpoint);
            connection.Requests.ShouldBe(i);
            (await connection.GetAsync()).ShouldBe("hello");
            _connections.Return(connection, reusable: true);
        }

        node.Accepted.ShouldBe(1);
        _connections.OpenCount.ShouldBe(1);
    }

    [Fact]
    public async Task Rent_IdleThere_CompletesInline()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        EndpointState endpoint = node.Endpoint();
        await ExchangeAsync(endpoint, Exchanges.Clear);

        ValueTask<RentResult> rent = _connections.RentAsync(endpoint, Exchanges.Clear, Exchanges.ConnectWithin(1), fresh: false);

        rent.IsCompletedSuccessfully.ShouldBeTrue();
        _connections.Return((await rent).Connection!, reusable: false);
    }

    [Fact]
    public async Task Rent_TwoIdle_TheOneUsedLast()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        EndpointState endpoint = node.Endpoint();
        NodeConnection first = await _connections.RentAsync(endpoint);
        NodeConnection second = await _connections.RentAsync(endpoint);
        await first.GetAsync();
        await second.GetAsync();
        _connections.Return(second, reusable: true);
        _connections.Return(first, reusable: true);

        (await _connections.RentAsync(endpoint)).ShouldBeSameAs(first);
        (await _connections.RentAsync(endpoint)).ShouldBeSameAs(second);
    }

    [Fact]
    public async Task Rent_Fresh_NewConnectionAlthoughOneIsIdle()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        EndpointState endpoint = node.Endpoint();
        await ExchangeAsync(endpoint, Exchanges.Clear);

        NodeConnection connection = await _connections.RentAsync(endpoint, fresh: true);

        connection.Requests.ShouldBe(1);
        (await connection.GetAsync()).ShouldBe("hello");
        node.Accepted.ShouldBe(2);
    }

    [Fact]
    public async Task Return_NotReusable_Closed()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        NodeConnection connection = await _connections.RentAsync(node.Endpoint());
        await connection.GetAsync();

        _connections.Return(connection, reusable: false);

        _connections.OpenCount.ShouldBe(0);
        await Eventually.HoldsAsync(() => node.Open == 0, "the node sees the end");
    }

    [Fact]
    public async Task Return_ReadPending_EndsAsFailedAndBuffersGoBackOnce()
    {
        await using ScriptedNode node = ScriptedNode.Start(peer => peer.WaitForEndAsync());
        NodeConnection connection = await _connections.RentAsync(node.Endpoint());
        ValueTask<ReadOutcome> read = connection.Transport.ReadAsync();

        _connections.Return(connection, reusable: false);

        (await read).ShouldBe(ReadOutcome.Failed);
        connection.Transport.Unread.Length.ShouldBe(0);
    }

    [Fact]
    public async Task Return_UnreadBytes_ClosedNotPooled()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK");
            await peer.WaitForEndAsync();
        });
        EndpointState endpoint = node.Endpoint();
        NodeConnection connection = await _connections.RentAsync(endpoint);
        (await connection.GetAsync()).ShouldBe("ok");

        _connections.Return(connection, reusable: true);

        _connections.OpenCount.ShouldBe(0);
    }

    [Theory]
    [InlineData("close")]
    [InlineData("reset")]
    [InlineData("speak")]
    public async Task Idle_NodeEndsItOrSpeaks_NoticedWithoutARent(string how)
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.AnswerAsync("one");
            if (peer.Number > 1)
            {
                await peer.AnswerAllAsync("two");
            }

            await go.Task;
            switch (how)
            {
                case "close":
                    peer.CloseSend();
                    await peer.WaitForEndAsync();
                    break;
                case "reset":
                    peer.Reset();
                    break;
                default:
                    await peer.SendAsync("HTTP/1.1 408 Request Timeout\r\n\r\n");
                    await peer.WaitForEndAsync();
                    break;
            }
        });
        EndpointState endpoint = node.Endpoint();
        await ExchangeAsync(endpoint, Exchanges.Clear);
        _connections.OpenCount.ShouldBe(1);

        go.SetResult();

        await Eventually.HoldsAsync(() => _connections.OpenCount == 0, "the idle connection is gone");
        NodeConnection next = await _connections.RentAsync(endpoint);
        next.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task Return_RequestsReached_Closed()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        EndpointState endpoint = node.Endpoint();
        ConnectionProfile profile = Exchanges.ClearWith(requests: 3);

        for (int i = 0; i < 7; i++)
        {
            await ExchangeAsync(endpoint, profile);
        }

        node.Accepted.ShouldBe(3);
        _connections.OpenCount.ShouldBe(1);
    }

    [Fact]
    public async Task Return_PoolFull_Closed()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        EndpointState endpoint = node.Endpoint();
        ConnectionProfile profile = Exchanges.ClearWith(size: 2);
        var rented = new List<NodeConnection>();
        for (int i = 0; i < 5; i++)
        {
            rented.Add(await _connections.RentAsync(endpoint, profile));
            await rented[i].GetAsync();
        }

        rented.ForEach(c => _connections.Return(c, reusable: true));

        _connections.OpenCount.ShouldBe(2);
        await Eventually.HoldsAsync(() => node.Open == 2, "the node sees three ends");
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(1.1)]
    public async Task Idle_LongerThanIdleTimeout_Closed(double seconds)
    {
        var inOrder = new TaskCompletionSource<bool>();
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.AnswerAsync("hello");
            inOrder.SetResult(await peer.WaitForEndAsync());
        });
        EndpointState endpoint = node.Endpoint();
        ConnectionProfile profile = Exchanges.ClearWith(idleSeconds: seconds);
        long begin = _wheel.NowMs;
        await ExchangeAsync(endpoint, profile);

        await Eventually.HoldsAsync(() => _connections.OpenCount == 0, "the idle connection is closed");

        (_wheel.NowMs - begin).ShouldBeGreaterThanOrEqualTo((long)(seconds * 1000));
        (await inOrder.Task.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeTrue();
    }

    [Fact]
    public async Task Rent_AfterIdle_CarriesNoDeadline()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        EndpointState endpoint = node.Endpoint();
        ConnectionProfile profile = Exchanges.ClearWith(idleSeconds: 0.5);
        await ExchangeAsync(endpoint, profile);

        NodeConnection connection = await _connections.RentAsync(endpoint, profile);
        connection.Transport.DeadlineMs.ShouldBe(0);
        long begin = _wheel.NowMs;
        await Eventually.HoldsAsync(() => _wheel.NowMs > begin + 700, "the idle time passes");

        (await connection.GetAsync()).ShouldBe("hello");
    }

    [Fact]
    public async Task Return_IdleTimeoutZero_Closed()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        await ExchangeAsync(node.Endpoint(), Exchanges.ClearWith(idleSeconds: 0));

        _connections.OpenCount.ShouldBe(0);
    }

    [Fact]
    public async Task Rent_OtherProfile_IdleClosedAndReturnedOnesToo()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        EndpointState endpoint = node.Endpoint();
        NodeConnection busy = await _connections.RentAsync(endpoint);
        await busy.GetAsync();
        NodeConnection idle = await _connections.RentAsync(endpoint);
        await idle.GetAsync();
        _connections.Return(idle, reusable: true);

        NodeConnection other = await _connections.RentAsync(endpoint, Exchanges.ClearWith(size: 7));
        other.Requests.ShouldBe(1);
        _connections.OpenCount.ShouldBe(2);
        _connections.Return(busy, reusable: true);

        _connections.OpenCount.ShouldBe(1);
    }

    [Fact]
    public async Task Rent_EqualProfileOfAnotherInstance_SharesTheConnection()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        EndpointState endpoint = node.Endpoint();

        await ExchangeAsync(endpoint, Exchanges.ClearWith(size: 7));
        await ExchangeAsync(endpoint, Exchanges.ClearWith(size: 7));
        await ExchangeAsync(endpoint, Exchanges.ClearWith(size: 7));

        node.Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task Drop_IdleAndBusy_IdleClosedNowBusyAtItsReturn()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        EndpointState endpoint = node.Endpoint();
        NodeConnection busy = await _connections.RentAsync(endpoint);
        NodeConnection idle = await _connections.RentAsync(endpoint);
        await idle.GetAsync();
        _connections.Return(idle, reusable: true);

        NodeConnections.Drop(endpoint);
        _connections.OpenCount.ShouldBe(1);
        (await busy.GetAsync()).ShouldBe("hello");
        _connections.Return(busy, reusable: true);

        _connections.OpenCount.ShouldBe(0);
        await ExchangeAsync(endpoint, Exchanges.Clear);
        _connections.OpenCount.ShouldBe(1);
    }

    [Fact]
    public async Task Deadline_Passed_ReadFailsWithItsCause()
    {
        await using ScriptedNode node = ScriptedNode.Start(peer => peer.WaitForEndAsync());
        NodeConnection connection = await _connections.RentAsync(node.Endpoint());
        ValueTask<ReadOutcome> read = connection.Transport.ReadAsync();
        connection.Transport.DeadlineMs = _wheel.NowMs + 100;
        _wheel.Add(connection.Transport);

        (await read).ShouldBe(ReadOutcome.Failed);

        connection.Transport.EndCause.ShouldBe(EndCause.Deadline);
        _connections.Return(connection, reusable: false);
        _connections.OpenCount.ShouldBe(0);
    }

    [Fact]
    public async Task Dispose_IdleAndBusy_AllEnd()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        EndpointState endpoint = node.Endpoint();
        NodeConnection busy = await _connections.RentAsync(endpoint);
        NodeConnection idle = await _connections.RentAsync(endpoint);
        await idle.GetAsync();
        _connections.Return(idle, reusable: true);
        ValueTask<ReadOutcome> read = busy.Transport.ReadAsync();

        await _connections.DisposeAsync();

        (await read).ShouldBe(ReadOutcome.Failed);
        busy.Transport.EndCause.ShouldBe(EndCause.Shutdown);
        _connections.Return(busy, reusable: false);
        await Eventually.HoldsAsync(() => _connections.OpenCount == 0 && node.Open == 0, "all connections end");
    }

    private async Task ExchangeAsync(EndpointState endpoint, ConnectionProfile profile)
    {
        NodeConnection connection = await _connections.RentAsync(endpoint, profile);
        (await connection.GetAsync()).ShouldNotBeNull();
        _connections.Return(connection, reusable: true);
    }
}
