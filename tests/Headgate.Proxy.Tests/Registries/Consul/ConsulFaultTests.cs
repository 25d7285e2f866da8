using System.Text.RegularExpressions;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Registries.Consul;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Consul;

namespace Headgate.Proxy.Tests.Registries.Consul;

/// <summary>Servers that are ill: what is believed, what is refused, who is asked next.</summary>
public sealed class ConsulFaultTests
{
    private static readonly ConsulService One = new("web", "web-1") { Address = "10.0.0.1", Port = 8080 };

    [Theory]
    [InlineData(ConsulFault.NoLeader, "http://127.0.0.1:* answers 500 to /v1/health/service/web")]
    [InlineData(ConsulFault.Garbage, "http://127.0.0.1:* answers to /v1/health/service/web with what is no JSON: *")]
    [InlineData(ConsulFault.OtherShape, "http://127.0.0.1:* answers to /v1/health/service/web with String instead of a list of entries")]
    [InlineData(ConsulFault.Hangs, "http://127.0.0.1:* does not answer in time")]
    public async Task Follow_ServerFallsIll_FailsAndNothingIsAnswered(ConsulFault fault, string text)
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync();
        server.State.Register(One);
        await using ConsulRegistryClient client = ConsulClients.Of(Quick(server));
        await using var web = new ServiceFollower(client, ConsulClients.Key("web"));
        await web.ShowsAsync("10.0.0.1:8080*1");
        server.Fail(fault);
        (await web.FailsAsync()).Message.ShouldMatch($"^{Regex.Escape(text).Replace(@"\*", ".+", StringComparison.Ordinal)}$");
        web.Answers.Select(ServiceFollower.Show).Distinct().ShouldBe(["10.0.0.1:8080*1"]);
        await Should.ThrowAsync<RegistryException>(() => client.TestAsync(TestContext.Current.CancellationToken));

        server.Fail(ConsulFault.None);
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, ConsulClients.Key("web"))).ShouldBe("10.0.0.1:8080*1");
    }

    [Fact]
    public async Task Follow_ServerGone_FailsAndBeginsAnewWhenItIsBack()
    {
        var state = new ConsulState();
        state.Register(One);
        ConsulTestServer server = await ConsulTestServer.StartAsync(state);
        await using ConsulRegistryClient client = ConsulClients.Of(Quick(server));
        await using (var web = new ServiceFollower(client, ConsulClients.Key("web")))
        {
            await web.ShowsAsync("10.0.0.1:8080*1");
            await server.DisposeAsync();
            (await web.FailsAsync()).Message.ShouldStartWith(server.Address);
        }

        await using ConsulTestServer again = await ConsulTestServer.StartAsync(state, new Uri(server.Address).Port);
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, ConsulClients.Key("web"))).ShouldBe("10.0.0.1:8080*1");
    }

    [Fact]
    public async Task Follow_IndexGoesBack_ReadAnewAndFollowedFromThere()
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync();
        server.State.Register(One);
        await using ConsulRegistryClient client = ConsulClients.Of(server);
        await using var web = new ServiceFollower(client, ConsulClients.Key("web"));
        await Eventually.HoldsAsync(() => server.Waiting == 1, "waits");
        for (uint i = 0; i < 3; i++)
        {
            server.State.Rewind(1 + i);
            server.State.Register(One with { PassingWeight = 2 + (int)i });
            await web.ShowsAsync($"10.0.0.1:8080*{2 + i}");
            await Eventually.HoldsAsync(() => server.Waiting == 1, "waits again");
        }

        // An index above the server's would be waited with for nothing.
        server.Seen.Last().ShouldContain("index=4&");
    }

    [Theory]
    [InlineData(ConsulFault.NoIndex)]
    [InlineData(ConsulFault.StuckIndex)]
    public async Task Follow_ServerThatDoesNotWait_AskedAtIntervalsWithoutEnd(ConsulFault fault)
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync();
        server.Fail(fault);
        await using ConsulRegistryClient client = ConsulClients.Of(ConsulClients.Access(server) with { FetchInterval = TimeSpan.FromMilliseconds(200) });
        await using var web = new ServiceFollower(client, ConsulClients.Key("web"));
        await web.ShowsAsync("");
        long began = TimeProvider.System.GetTimestamp();
        server.State.Register(One);
        await web.ShowsAsync("10.0.0.1:8080*1");
        await Eventually.HoldsAsync(() => server.Seen.Count >= 4, "asked again");
        double mostQuestions = 4 + (TimeProvider.System.GetElapsedTime(began).TotalMilliseconds / (150 * 0.9));
        server.Seen.Count.ShouldBeLessThanOrEqualTo((int)mostQuestions);
    }

    [Fact]
    public async Task Follow_WaitEndsWithoutChange_AskedAgain()
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync();
        await using ConsulRegistryClient client = ConsulClients.Of(ConsulClients.Access(server) with { Wait = TimeSpan.FromSeconds(1) });
        await using var web = new ServiceFollower(client, ConsulClients.Key("web"));
        await Eventually.HoldsAsync(() => server.Seen.Count(static question => question.EndsWith("&index=10&wait=1s", StringComparison.Ordinal)) >= 2, "two waits");
        web.Failure.ShouldBeNull();
    }

    [Fact]
    public async Task Follow_TokenExpires_FailsAndTokenIsToldToNobody()
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync();
        server.Token = "hush-1";
        server.State.Register(One);
        ConsulAccess access = ConsulClients.Access(server) with { Token = "hush-1", Wait = TimeSpan.FromSeconds(1) };
        await using ConsulRegistryClient client = ConsulClients.Of(access);
        await using var web = new ServiceFollower(client, ConsulClients.Key("web"));
        await web.ShowsAsync("10.0.0.1:8080*1");
        server.Token = "hush-2";
        (await web.FailsAsync()).Message.ShouldBe($"{server.Address} answers 403 to /v1/health/service/web: the token is not, or no longer, allowed this");
        (await Should.ThrowAsync<RegistryException>(() => client.TestAsync(TestContext.Current.CancellationToken))).Message.ShouldContain("403");
        server.Seen.ShouldAllBe(static question => !question.Contains("hush", StringComparison.Ordinal));
        new ConsulConfig(access).ToString().ShouldNotContain("hush");

        // Without a token Consul shows nothing and says so: that is no word on how many instances there are.
        await using ConsulRegistryClient nobody = ConsulClients.Of(server);
        (await Should.ThrowAsync<RegistryException>(() => ServiceFollower.FirstAsync(nobody, ConsulClients.Key("web")))).Message.ShouldEndWith("with nothing that the token may read");
    }

    [Fact]
    public async Task Follow_SeveralServersOfOneCluster_NextAnswersWhenOneFails()
    {
        var state = new ConsulState();
        state.Register(One);
        await using ConsulTestServer first = await ConsulTestServer.StartAsync(state);
        await using ConsulTestServer second = await ConsulTestServer.StartAsync(state);
        await using ConsulRegistryClient client = ConsulClients.Of(Quick(first, second));
        await using var web = new ServiceFollower(client, ConsulClients.Key("web"));
        await web.ShowsAsync("10.0.0.1:8080*1");
        second.Seen.ShouldBeEmpty();
        first.Fail(ConsulFault.NoLeader);
        await Eventually.HoldsAsync(() => second.Waiting == 1, "asked");
        state.Register(One with { PassingWeight = 2 });
        await web.ShowsAsync("10.0.0.1:8080*2");
        await client.TestAsync(TestContext.Current.CancellationToken);
        (await client.ListServicesAsync(5, TestContext.Current.CancellationToken)).ShouldBe(["web"]);
    }

    [Fact]
    public async Task Follow_SeveralClusters_ServiceFoundWhereItIs()
    {
        await using ConsulTestServer first = await ConsulTestServer.StartAsync();
        await using ConsulTestServer second = await ConsulTestServer.StartAsync();
        second.State.Register(One);
        await using ConsulRegistryClient client = ConsulClients.Of(Quick(first, second) with { FetchInterval = TimeSpan.FromMilliseconds(100) });
        await using var web = new ServiceFollower(client, ConsulClients.Key("web"));
        await web.ShowsAsync("10.0.0.1:8080*1");
        second.State.Deregister("web-1");
        await web.ShowsAsync("");
        first.State.Register(One with { PassingWeight = 4 });
        await web.ShowsAsync("10.0.0.1:8080*4");

        // The one that is silent may be the one that has it.
        second.Fail(ConsulFault.NoLeader);
        first.State.Deregister("web-1");
        (await web.FailsAsync()).Message.ShouldBe($"servers that answer have no instance, and {second.Address} answers 500 to /v1/health/service/web");
        web.Failure!.IsOfServiceOnly.ShouldBeTrue();
    }

    [Fact]
    public async Task Follow_EveryServerFails_AllAreNamed()
    {
        await using ConsulTestServer first = await ConsulTestServer.StartAsync();
        await using ConsulTestServer second = await ConsulTestServer.StartAsync();
        await using ConsulRegistryClient client = ConsulClients.Of(first, second);
        first.Fail(ConsulFault.NoLeader);
        second.Fail(ConsulFault.Garbage);
        string text = (await Should.ThrowAsync<RegistryException>(() => ServiceFollower.FirstAsync(client, ConsulClients.Key("web")))).Message;
        text.ShouldContain($"{first.Address} answers 500");
        text.ShouldContain($"{second.Address} answers to /v1/health/service/web with what is no JSON");
    }

    private static ConsulAccess Quick(params ConsulTestServer[] servers) =>
        ConsulClients.Access(servers) with { Wait = TimeSpan.FromSeconds(1), ReadTimeout = TimeSpan.FromSeconds(2), ConnectTimeout = TimeSpan.FromSeconds(1) };
}
