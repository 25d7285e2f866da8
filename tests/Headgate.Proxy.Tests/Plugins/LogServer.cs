using System.Collections.Concurrent;
using System.Text;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary>A server that takes posts and answers each with the next of its statuses, the last for ever; 0 = never.</summary>
internal sealed class LogServer : IAsyncDisposable
{
    private readonly ScriptedNode _node;
    private readonly int[] _statuses;
    private int _answered;

    public LogServer(params int[] statuses)
    {
        _statuses = statuses;
        _node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
            {
                int length = int.Parse(head.Split("Content-Length: ", 2)[1].Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture);
                Posts.Enqueue((head, Encoding.UTF8.GetString(await peer.ReadBytesAsync(length))));
                int status = _statuses[Math.Min(Interlocked.Increment(ref _answered), _statuses.Length) - 1];
                if (status == 0)
                    await peer.IgnoreAsync();
                await peer.SendAsync($"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
            }
        });
    }

    /// <summary>Heads and bodies that came.</summary>
    public ConcurrentQueue<(string Head, string Body)> Posts { get; } = new();

    public string Url => $"http://127.0.0.1:{_node.Port}/log?a=b";

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
