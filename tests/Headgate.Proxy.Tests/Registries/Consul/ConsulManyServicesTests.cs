using Headgate.Core.Config.Registries;
using Headgate.Proxy.Registries.Consul;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Consul;

namespace Headgate.Proxy.Tests.Registries.Consul;

/// <summary>More services than questions of their own.</summary>
public sealed class ConsulManyServicesTests
{
    private const int Services = 200;
    private const int OwnQueries = 8;

    [Fact]
    public async Task Follow_ManyServices_FewQuestionsWaitAndEveryChangeIsHeardByItsFollowerAlone()
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync();
        for (int i = 0; i < Services; i++)
            server.State.Register(Instance(i, 1), "passing");
        await using var client = new ConsulRegistryClient(new ConsulConfig(ConsulClients.Access(server)), ConsulClients.Services, OwnQueries);
        ServiceFollower[] followed = [.. Enumerable.Range(0, Services).Select(i => new ServiceFollower(client, ConsulClients.Key($"s{i}")))];
        foreach ((int i, ServiceFollower service) in followed.Index())
            await service.ShowsAsync(Text(i, 1));
        await Eventually.HoldsAsync(() => server.Waiting == OwnQueries + 2, "everything waits");
        server.Connections.ShouldBeLessThanOrEqualTo(OwnQueries + 2 + 16);

        var random = new Random(TestSeed.Value);
        int[] changed = [.. Enumerable.Range(0, Services).OrderBy(_ => random.Next()).Take(20)];
        foreach (int i in changed)
            server.State.Register(Instance(i, 2));
        foreach (int i in changed)
            await followed[i].ShowsAsync(Text(i, 2));
        int down = changed[0];
        server.State.TrySetStatus($"service:s{down}-1", "critical").ShouldBeTrue();
        await followed[down].ShowsAsync("");
        server.State.TrySetStatus($"service:s{down}-1", "passing").ShouldBeTrue();
        await followed[down].ShowsAsync(Text(down, 2));

        foreach (int i in Enumerable.Range(0, Services).Except(changed))
            followed[i].Answers.Count.ShouldBe(1, $"s{i}");
        foreach (ServiceFollower service in followed)
            await service.DisposeAsync();
        await Eventually.HoldsAsync(() => server.Waiting == 0, "nobody waits");
    }

    [Fact]
    public async Task Follow_OwnQueryGivenUp_NextFollowerHasIt()
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync();
        await using var client = new ConsulRegistryClient(new ConsulConfig(ConsulClients.Access(server)), ConsulClients.Services, ownQueriesMax: 1);
        await using (new ServiceFollower(client, ConsulClients.Key("a")))
            await Eventually.HoldsAsync(() => server.Waiting == 1, "a waits");
        await using var next = new ServiceFollower(client, ConsulClients.Key("b"));
        await Eventually.HoldsAsync(() => server.Seen.Any(static question => question.Contains("/b?passing=1&index=", StringComparison.Ordinal)), "b waits");
        server.Seen.ShouldNotContain(static question => question.Contains("/v1/catalog", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ConsulFault.NoLeader)]
    [InlineData(ConsulFault.Hangs)]
    public async Task Follow_SignalsFail_EveryFollowerFailsAndTheNextAnswersAgain(ConsulFault fault)
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync();
        server.State.Register(Instance(0, 1));
        ConsulAccess access = ConsulClients.Access(server) with { Wait = TimeSpan.FromSeconds(1), ReadTimeout = TimeSpan.FromSeconds(2), ConnectTimeout = TimeSpan.FromSeconds(1) };
        await using var client = new ConsulRegistryClient(new ConsulConfig(access), ConsulClients.Services, ownQueriesMax: 0);
        await using (var first = new ServiceFollower(client, ConsulClients.Key("s0")))
        await using (var second = new ServiceFollower(client, ConsulClients.Key("s1")))
        {
            await first.ShowsAsync(Text(0, 1));
            await second.ShowsAsync("");
            server.Fail(fault);
            await first.FailsAsync();
            await second.FailsAsync();
        }

        server.Fail(ConsulFault.None);
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, ConsulClients.Key("s0"))).ShouldBe(Text(0, 1));
    }

    private static ConsulService Instance(int i, int weight) => new($"s{i}", $"s{i}-1") { Address = $"10.0.{i / 250}.{i % 250}", Port = 80, PassingWeight = weight };

    private static string Text(int i, int weight) => $"10.0.{i / 250}.{i % 250}:80*{weight}";
}
