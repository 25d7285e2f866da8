using System.Net;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Tests.Upstream;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Transport.Loops;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>Connections from a loop to nodes: made without blocking it, every failure a value, nothing left behind.</summary>
public sealed class LoopConnectorTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private readonly LoopUnderTest _test = new();
    private readonly RecordingConnector _secure = new();
    private readonly LoopConnector _connector;

    public LoopConnectorTests() => _connector = new LoopConnector(_test.Loop, _secure);

    public void Dispose()
    {
        _test.Dispose();
        _test.Log.Lines.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Open_NodeListens_BytesGoBothWays(string address)
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer => await peer.SendAsync(await peer.ReadBytesAsync(5)), IPAddress.Parse(address));
        byte[] answer = await _test.RunAsync(async () =>
        {
            (KeptConnection? connection, AttemptFailure failure) = await _connector.OpenAsync(node.Endpoint(), Exchanges.Clear, Long);
            failure.ShouldBe(AttemptFailure.None);
            _test.Loop.IsCurrent.ShouldBeTrue();
            connection!.WriteDeadlineMs.ShouldBe(0);
            connection.WriteStream(5);
            (await connection.FlushAsync()).ShouldBeTrue();
            byte[] read = await connection.ReadUntilAsync(5);
            connection.Release();
            return read;
        });
        answer.ShouldBe(ConnectionWords.BytesAt(0, 5));
        await LeavesNothingAsync();
    }

    [Fact]
    public async Task Open_ManyAtOnce_EachIsItsOwn()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer => await peer.SendAsync(await peer.ReadBytesAsync(1)));
        byte[][] answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => _test.RunAsync(async () =>
        {
            (KeptConnection? connection, _) = await _connector.OpenAsync(node.Endpoint(), Exchanges.Clear, Long);
            connection!.GetSpan(1)[0] = (byte)i;
            connection.Advance(1);
            (await connection.FlushAsync()).ShouldBeTrue();
            byte[] read = await connection.ReadUntilAsync(1);
            connection.Release();
            return read;
        })));
        answers.Select(a => (int)a[0]).ShouldBe(Enumerable.Range(0, 200));
        await LeavesNothingAsync();
    }

    [Fact]
    public async Task Open_NobodyListens_Refused()
    {
        int port = ScriptedNode.RefusingPort(out IDisposable holder);
        using (holder)
            (await OpenAsync(new IPEndPoint(IPAddress.Loopback, port), Long)).ShouldBe((false, AttemptFailure.Refused));
        await LeavesNothingAsync();
    }

    [Fact]
    public async Task Open_NoSuchNetwork_Unreachable()
    {
        (await OpenAsync(new IPEndPoint(IPAddress.Parse("255.255.255.255"), 1), Long)).ShouldBe((false, AttemptFailure.Unreachable));
        await LeavesNothingAsync();
    }

    [Fact]
    public async Task Open_NobodyAnswers_ConnectTimeout()
    {
        using FullListener full = await FullListener.StartAsync();
        (await OpenAsync(full.EndPoint, TimeSpan.FromMilliseconds(50))).ShouldBe((false, AttemptFailure.ConnectTimeout));
        await LeavesNothingAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_AbortedMeanwhile_EndsAtOnce(bool loopEnds)
    {
        using FullListener full = await FullListener.StartAsync();
        Task<(bool, AttemptFailure)> opening = OpenAsync(full.EndPoint, Long);
        await _test.RoundsAsync();
        opening.IsCompleted.ShouldBeFalse();
        LoopConnection connection = (await _test.CallAsync(() => _test.Loop.Targets.ToArray())).ShouldHaveSingleItem().ShouldBeOfType<LoopConnection>();
        if (loopEnds)
            _test.Dispose();
        else
            connection.Abort(EndCause.Shutdown);
        (await opening).ShouldBe((false, AttemptFailure.Unreachable));
        if (!loopEnds)
            await LeavesNothingAsync();
    }

    [Fact]
    public async Task Open_BehindTls_IsTheOthersAffair()
    {
        EndpointState endpoint = Exchanges.EndpointOf(new IPEndPoint(IPAddress.Loopback, 1));
        (KeptConnection? connection, AttemptFailure failure) = await _test.RunAsync(() => _connector.OpenAsync(endpoint, Exchanges.Clear with { Https = true }, Long));
        (connection, failure).ShouldBe((null, AttemptFailure.TlsFailed));
        _secure.Asked.ShouldBe([(endpoint, Long)]);
    }

    private Task<(bool IsOpen, AttemptFailure Failure)> OpenAsync(IPEndPoint address, TimeSpan timeout) => _test.RunAsync(async () =>
    {
        (KeptConnection? connection, AttemptFailure failure) = await _connector.OpenAsync(Exchanges.EndpointOf(address), Exchanges.Clear, timeout);
        _test.Loop.IsCurrent.ShouldBeTrue();
        connection?.Release();
        return (connection is not null, failure);
    });

    private async Task LeavesNothingAsync() => (await _test.CallAsync(() => _test.Loop.Targets.Count())).ShouldBe(0);

    private sealed class RecordingConnector : INodeConnector
    {
        public List<(EndpointState, TimeSpan)> Asked { get; } = [];

        public ValueTask<(KeptConnection? Transport, AttemptFailure Failure)> OpenAsync(EndpointState endpoint, ConnectionProfile profile, TimeSpan timeout)
        {
            Asked.Add((endpoint, timeout));
            return ValueTask.FromResult<(KeptConnection?, AttemptFailure)>((null, AttemptFailure.TlsFailed));
        }
    }
}
