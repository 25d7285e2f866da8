using System.Collections.Concurrent;
using System.Net.Sockets;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>
/// A node that counts what it has under way. It answers a request when the test says so (<see cref="Answer"/>), or at once when <see cref="AnswersAtOnce"/>. A
/// request whose connection the gateway has closed is over from that moment, whether the node has noticed or not.
/// </summary>
internal sealed class BusyNode : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ScriptedPeer, bool> _underWay = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly SemaphoreSlim _answers = new(0);
    private readonly Lock _lock = new();
    private readonly ScriptedNode _node;

    public BusyNode() => _node = ScriptedNode.Start(ServeAsync);

    public int Port => _node.Port;

    /// <summary>How long a request takes when it is answered at once; a few milliseconds, so that requests overlap.</summary>
    public int BusyMs { get; init; }

    public bool AnswersAtOnce { get; init; }

    /// <summary>The most requests that were ever under way together.</summary>
    public int Most { get; private set; }

    /// <summary>Request lines in the order they came.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>Lets so many requests be answered.</summary>
    public void Answer(int count = 1) => _answers.Release(count);

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _answers.Dispose();
    }

    private async Task ServeAsync(ScriptedPeer peer)
    {
        while (await peer.ReadHeadAsync() is { } head)
        {
            _asked.Enqueue(head[..head.IndexOf(" HTTP", StringComparison.Ordinal)]);
            Enter(peer);
            try
            {
                if (AnswersAtOnce)
                    await Task.Delay(BusyMs, peer.Stopping);
                else
                    await _answers.WaitAsync(peer.Stopping);
            }
            finally
            {
                _underWay.TryRemove(peer, out _);
            }

            await peer.AnswerAsync("ok");
        }
    }

    private void Enter(ScriptedPeer peer)
    {
        lock (_lock)
        {
            _underWay.TryAdd(peer, true);
            Most = Math.Max(Most, _underWay.Keys.Count(IsOpen));
        }
    }

    private static bool IsOpen(ScriptedPeer peer)
    {
        try
        {
            return !(peer.Socket.Poll(0, SelectMode.SelectRead) && peer.Socket.Available == 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
