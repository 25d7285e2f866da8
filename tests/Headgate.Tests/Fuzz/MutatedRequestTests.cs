using System.Diagnostics;
using Headgate.Differential.Cases;
using Headgate.Differential.Mutation;
using Headgate.Differential.Peers;
using Headgate.Testing;

namespace Headgate.Tests.Fuzz;

/// <summary>
/// Mutations of the corpus against the built executable, one connection each, while an honest client must be answered all the time. Nothing crashes, hangs or leaks, and nothing
/// unsound is sent on to the node.
/// </summary>
[Collection(EndToEnd.EndToEndCollection.Name)]
public sealed class MutatedRequestTests(ITestOutputHelper output)
{
    private const int Clients = 24;
    private const int WarmUps = 20_000;

    /// <summary>What the garbage collector may leave lying about at the moment of looking; a leak of 100 bytes an input would be 95 MiB over a million.</summary>
    private const double GrowthMbMax = 64;

    [Fact]
    public Task Gateway_MutatedRequests_StaysWhole() => RunAsync(20_000);

    [Fact]
    [Trait("Category", "Long")]
    public Task Gateway_AMillionMutatedRequests_StaysWhole() => RunAsync(1_000_000);

    private async Task RunAsync(long inputs)
    {
        output.WriteLine($"HEADGATE_SEED={TestSeed.Value}");
        await using var origin = new RecordingOrigin(log: null);
        await using HeadgateServer gateway = await HeadgateServer.StartAsync(origin.Port);
        var mutator = new Mutator(FuzzCorpus.Seeds(FuzzCorpus.Load()), Tokens.Request);
        await SendAsync(gateway, mutator, 0, WarmUps, new RunTally());
        GatewayGauge before = await GatewayGauge.ReadAsync(gateway);

        var tally = new RunTally();
        await using var health = new HealthChecks(gateway.EndPoint);
        long begin = Stopwatch.GetTimestamp();
        await SendAsync(gateway, mutator, WarmUps, inputs, tally);
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        await health.StopAsync();

        output.WriteLine($"{tally} in {seconds:0.0} s, {tally.Inputs / seconds:N0} a second; {origin.Answered:N0} requests reached the node; {health.Answered:N0} health checks, the slowest took {health.Slowest.TotalMilliseconds:0} ms");
        origin.Violations.Select(violation => $"{violation.What}: {EscapedText.Print(violation.Bytes)}").ShouldBeEmpty();
        tally.Inputs.ShouldBe(inputs);
        await GatewayGauge.CheckAsync(gateway, before, GrowthMbMax, output);
    }

    private static Task SendAsync(HeadgateServer gateway, Mutator mutator, long first, long count, RunTally tally) =>
        Threads.RunAsync(Clients, index => new MutatedClient(gateway.EndPoint, mutator, TestSeed.Value, tally).Run(first + index, Clients, first + count));
}
