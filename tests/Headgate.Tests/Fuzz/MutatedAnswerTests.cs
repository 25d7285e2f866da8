using System.Diagnostics;
using Headgate.Differential.Peers;
using Headgate.Testing;

namespace Headgate.Tests.Fuzz;

/// <summary>A node that answers with mutations: no client gets an unsound answer or another's, and the gateway neither crashes, hangs nor leaks.</summary>
[Collection(EndToEnd.EndToEndCollection.Name)]
public sealed class MutatedAnswerTests(ITestOutputHelper output)
{
    private const int Clients = 32;
    private const int WarmUps = 2_000;
    private const double GrowthMbMax = 64;

    [Fact]
    public Task Gateway_MutatedAnswers_StaysWhole() => RunAsync(5_000);

    [Fact]
    [Trait("Category", "Long")]
    public Task Gateway_AHundredThousandMutatedAnswers_StaysWhole() => RunAsync(100_000);

    private async Task RunAsync(long requests)
    {
        output.WriteLine($"HEADGATE_SEED={TestSeed.Value}");
        await using ScriptedNode node = HostileNode.Start(TestSeed.Value);
        await using HeadgateServer gateway = await HeadgateServer.StartAsync(node.Port, ""","timeout":{"connect":5,"send":5,"read":0.2}""");
        await AskAsync(gateway, 0, WarmUps, new RunTally());
        GatewayGauge before = await GatewayGauge.ReadAsync(gateway);

        var tally = new RunTally();
        long begin = Stopwatch.GetTimestamp();
        await AskAsync(gateway, WarmUps, requests, tally);
        output.WriteLine($"{tally} in {Stopwatch.GetElapsedTime(begin).TotalSeconds:0.0} s; {node.Accepted:N0} connections to the node");

        tally.Inputs.ShouldBe(requests);
        await GatewayGauge.CheckAsync(gateway, before, GrowthMbMax, output);
    }

    private static Task AskAsync(HeadgateServer gateway, long first, long count, RunTally tally) => Threads.RunAsync(Clients, index =>
    {
        using var client = new WaryClient(gateway.EndPoint, tally);
        client.Run(first + index, Clients, first + count);
    });
}
