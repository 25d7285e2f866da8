using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>Nodes that are silent or take their time, and how often they were asked and given up.</summary>
public abstract class HedgingScenario : IAsyncDisposable
{
    private protected const string Get = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private protected const string Soon = "\"hedging_policy\":{\"hedging_delay\":0.03}";
    /// <summary>Long enough for every connection to be there before: one that is not is left to itself, and not closed.</summary>
    private protected const string WhenConnected = "\"hedging_policy\":{\"hedging_delay\":0.5}";
    private protected const string Never = "\"hedging_policy\":{\"hedging_delay\":1000}";

    private int _asked;
    private int _abandoned;

    /// <summary>The nodes so far.</summary>
    private protected List<ScriptedNode> Nodes { get; } = [];

    /// <summary>Requests that reached a node.</summary>
    private protected int Asked => Volatile.Read(ref _asked);

    /// <summary>Requests whose connection was closed while the node was silent.</summary>
    private protected int Abandoned => Volatile.Read(ref _abandoned);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (ScriptedNode node in Nodes)
        {
            node.Errors.ShouldBeEmpty();
            await node.DisposeAsync();
        }
    }

    private protected void CountAsked() => Interlocked.Increment(ref _asked);

    private protected void CountAbandoned() => Interlocked.Increment(ref _abandoned);

    private protected static Task<GatewayUnderTest> StartAsync(ScriptedNode[] nodes, string more) => GatewayUnderTest.StartForAsync(nodes.Select(node => node.Port), "," + more);

    private protected ScriptedNode Silent() => Add(ScriptedNode.Start(async peer =>
    {
        if (await peer.ReadHeadAsync() is null)
            return; // a probe, or a connection that was opened for a request that is over
        CountAsked();
        await peer.WaitForEndAsync();
        CountAbandoned();
    }));

    private protected ScriptedNode Answering(string body, int delayMs = 0) => Add(ScriptedNode.Start(async peer =>
    {
        while (await peer.ReadHeadAsync() is { } head)
        {
            if (head.Contains("Content-Length: 4"))
                await peer.ReadBytesAsync(4);
            CountAsked();
            if (delayMs > 0)
                await Task.Delay(delayMs, peer.Stopping);
            await peer.AnswerAsync(body);
        }
    }));

    private protected ScriptedNode Add(ScriptedNode node)
    {
        Nodes.Add(node);
        return node;
    }
}
