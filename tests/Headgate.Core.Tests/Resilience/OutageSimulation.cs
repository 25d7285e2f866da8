using Headgate.Core.Config;
using Headgate.Core.Resilience;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Tests.Resilience;

/// <summary>Clients in a closed loop against nodes that all fail every try, in simulated time, with a retry budget between them.</summary>
internal static class OutageSimulation
{
    /// <summary>Runs <paramref name="requests"/> requests, after <paramref name="healthy"/> that succeeded; returns the retries made and how long the outage took.</summary>
    public static (int Retries, long LastedMs) Run(int clients, int nodes, int latencyMs, int requests, int healthy, int seed)
    {
        var random = new Random(seed);
        var budget = new RetryBudget();
        NodeState[] states = [.. Enumerable.Range(1, nodes).Select(i => new NodeState(new NodeKey("upstreams/1", $"10.0.0.{i}", 80)))];
        for (int i = 0; i < healthy; i++)
            budget.OnRequest();

        var ends = new PriorityQueue<Try, long>();
        int left = requests;
        int turn = 0;
        int retries = 0;
        long now = 0;
        for (int i = 0; i < clients; i++)
            BeginRequest();
        while (ends.TryDequeue(out Try? ended, out long at))
        {
            now = at;
            if (ended.Permit.IsTaken)
                budget.OnWasted(states[ended.Node], now);
            RetryPermit permit = ended.Number < Math.Max(nodes, 2) ? budget.TryTake(RetryBudgetConfig.Default, states[ended.Node], nodes > 1, now) : RetryPermit.None;
            if (!permit.IsTaken)
            {
                BeginRequest();
                continue;
            }

            retries++;
            Begin(new Try(ended.Number + 1, (ended.Node + 1) % nodes, permit));
        }

        return (retries, now);

        void BeginRequest()
        {
            if (left-- <= 0)
                return;
            budget.OnRequest();
            Begin(new Try(1, turn++ % nodes, RetryPermit.None));
        }

        void Begin(Try begun) => ends.Enqueue(begun, now + 1 + random.Next(latencyMs));
    }

    private sealed record Try(int Number, int Node, RetryPermit Permit);
}
