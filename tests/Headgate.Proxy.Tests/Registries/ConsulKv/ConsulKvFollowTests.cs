using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Registries.ConsulKv;
using Headgate.Proxy.Tests.Registries.Consul;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Consul;

namespace Headgate.Proxy.Tests.Registries.ConsulKv;

/// <summary>What comes out of Consul's key-value store, and that a change is heard at once.</summary>
public sealed class ConsulKvFollowTests : IAsyncLifetime
{
    private ConsulTestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ConsulTestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Follow_KeysComeAndGo_EachHeardByItsFollowerAloneOverOneQuestion()
    {
        await using ConsulKvRegistryClient client = Client();
        Set("upstreams/other/10.0.9.9:80", "{}");
        await using var web = new ServiceFollower(client, Key("webpages"));
        await using var deep = new ServiceFollower(client, Key($"{_server.Address}/v1/kv/upstreams/webpages/oneteam/hello/"));
        await using var other = new ServiceFollower(client, Key("upstreams/other/"));
        await web.ShowsAsync("");
        await deep.ShowsAsync("");
        await other.ShowsAsync("10.0.9.9:80*1");
        _server.Waiting.ShouldBeLessThanOrEqualTo(1);

        Set("upstreams/webpages/10.0.0.1:8000", """{"weight": 120, "max_fails": 2, "fail_timeout": 2}""");
        await web.ShowsAsync("10.0.0.1:8000*120");
        Set("upstreams/webpages/oneteam/hello/node-1.example.com:81", """{"zone": "a"}""");
        await deep.ShowsAsync("node-1.example.com:81*1");
        deep.Answers[^1].Instances[0].Metadata.ShouldBe([new MetadataEntry("zone", "a")]);
        Set("upstreams/webpages/fd00::1:82", """{"weight": 5, "check_status": true}""");
        await web.ShowsAsync("10.0.0.1:8000*120 [fd00::1]:82*5");
        Set("upstreams/webpages/10.0.0.1:8000", """{"check_status": "false"}""");
        await web.ShowsAsync("[fd00::1]:82*5");
        _server.State.Keys.Remove("upstreams/webpages/", recurse: true);
        _server.State.Pulse.Beat();
        await web.ShowsAsync("");
        await deep.ShowsAsync("");
        other.Answers.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Follow_NoKeyAtAll_IsAnAnswerAndWaitedWith()
    {
        await using ConsulKvRegistryClient client = Client(static config => config with { Prefix = "gate ways/a" });
        await using var web = new ServiceFollower(client, Key("web"));
        await web.ShowsAsync("");
        await Eventually.HoldsAsync(() => _server.Waiting == 1, "waits");
        Set("gate ways/a/web/10.0.0.1:80", "{}");
        await web.ShowsAsync("10.0.0.1:80*1");
        await client.TestAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Follow_WrongKeysAndValues_AreNamedAndTheOthersCount()
    {
        await using ConsulKvRegistryClient client = Client();
        Set("upstreams/web/", "");
        Set("upstreams/loose", "{}");
        Set("upstreams/web/10.0.0.1:80", "{}");
        Set("upstreams/web/10.0.0.2:80", "");
        Set("upstreams/web/10.0.0.3:80", "{\"weight\": \"much\"}");
        Set("upstreams/web/10.0.0.4:80", "[1]");
        Set("upstreams/web/10.0.0.5:80", "{\"weight\"");
        Set("upstreams/web/10.0.0.6", "{}");
        Set("upstreams/web/10.0.0.7:99999", "{}");
        Set("upstreams/bad/10.0.0.6", "{}");
        ServiceAnswer answer = await ServiceFollower.FirstAsync(client, Key("web"));
        ServiceFollower.Show(answer).ShouldBe("10.0.0.1:80*1");
        answer.Problems.ShouldBe(
        [
            "upstreams/web/10.0.0.2:80 has no value",
            "upstreams/web/10.0.0.3:80: weight is no number",
            "upstreams/web/10.0.0.4:80: the value is no object of JSON",
            "upstreams/web/10.0.0.5:80: the value is no JSON",
            "upstreams/web/10.0.0.6: the name is not HOST:PORT",
            "upstreams/web/10.0.0.7:99999: the port of 10.0.0.7 is 99999; allowed: 1 to 65535",
        ]);
        RegistryException failure = await Should.ThrowAsync<RegistryException>(() => ServiceFollower.FirstAsync(client, Key("bad")));
        failure.Message.ShouldBe($"{_server.Address} has nothing of use in upstreams/bad: upstreams/bad/10.0.0.6: the name is not HOST:PORT");
        failure.IsOfServiceOnly.ShouldBeTrue();
    }

    [Fact]
    public async Task Follow_SettingsAndArguments_Count()
    {
        Set("upstreams/web/10.0.0.1:80", """{"lane": "gray"}""");
        Set("upstreams/web/10.0.0.2:80", """{"lane": "blue", "weight": 4}""");
        Set("upstreams/unused_api/10.0.0.3:80", "{}");
        await using ConsulKvRegistryClient client = Client(config => config with
        {
            SkippedKeys = ["upstreams/unused_api"],
            Access = config.Access with { Weight = 9, DefaultInstance = new ConsulDefaultInstance("127.0.0.1", null) },
        });
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, Key("web"))).ShouldBe("10.0.0.1:80*9 10.0.0.2:80*4");
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, Key("web", new() { Metadata = [new MetadataEntry("lane", "gray")] }))).ShouldBe("10.0.0.1:80*9");
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, Key("unused_api"))).ShouldBe("127.0.0.1:*9");
        (await client.ListServicesAsync(9, TestContext.Current.CancellationToken)).ShouldBe([$"{_server.Address}/v1/kv/upstreams/web/"]);
    }

    [Theory]
    [InlineData(ConsulFault.NoLeader)]
    [InlineData(ConsulFault.Garbage)]
    [InlineData(ConsulFault.OtherShape)]
    [InlineData(ConsulFault.Hangs)]
    public async Task Follow_ServerFallsIll_EveryFollowerFailsAndBeginsAnew(ConsulFault fault)
    {
        Set("upstreams/web/10.0.0.1:80", "{}");
        await using ConsulKvRegistryClient client = Client();
        await using (var web = new ServiceFollower(client, Key("web")))
        await using (var none = new ServiceFollower(client, Key("none")))
        {
            await web.ShowsAsync("10.0.0.1:80*1");
            await none.ShowsAsync("");
            _server.Fail(fault);
            (await web.FailsAsync()).Message.ShouldStartWith(_server.Address);
            await none.FailsAsync();
            web.Answers.ShouldHaveSingleItem();
        }

        _server.Fail(ConsulFault.None);
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, Key("web"))).ShouldBe("10.0.0.1:80*1");
    }

    [Fact]
    public async Task Follow_IndexGoesBack_ReadAnew()
    {
        for (int i = 0; i < 10; i++)
            Set("upstreams/web/10.0.0.1:80", "{}"); // so far ahead that the index after the rewind cannot be the one waited with
        await using ConsulKvRegistryClient client = Client(static config => config with { Access = config.Access with { Wait = TimeSpan.FromSeconds(60) } });
        await using var web = new ServiceFollower(client, Key("web"));
        await Eventually.HoldsAsync(() => _server.Waiting == 1, "waits");
        _server.State.Rewind(2);
        Set("upstreams/web/10.0.0.1:80", """{"weight": 2}""");
        await web.ShowsAsync("10.0.0.1:80*2");
    }

    [Fact]
    public async Task Follow_SeveralServers_FullNameIsOfOneShortNameOfWhicheverAnswers()
    {
        await using ConsulTestServer second = await ConsulTestServer.StartAsync();
        Set("upstreams/web/10.0.0.1:80", "{}");
        second.State.Keys.Set("upstreams/web/10.0.0.2:80", "{}"u8.ToArray());
        ConsulKvConfig config = new(ConsulClients.Access(_server, second));
        await using var client = new ConsulKvRegistryClient(config, ConsulClients.Services);
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, Key($"{second.Address}/v1/kv/upstreams/web/"))).ShouldBe("10.0.0.2:80*1");
        await using var web = new ServiceFollower(client, Key("web"));
        await web.ShowsAsync("10.0.0.1:80*1");
        _server.Fail(ConsulFault.NoLeader);
        await web.ShowsAsync("10.0.0.2:80*1");
        RegistryException failure = await Should.ThrowAsync<RegistryException>(() => ServiceFollower.FirstAsync(client, Key($"{_server.Address}/v1/kv/upstreams/web/")));
        failure.Message.ShouldBe($"{_server.Address} answers 500 to /v1/kv/upstreams/");
        failure = await Should.ThrowAsync<RegistryException>(() => ServiceFollower.FirstAsync(client, Key("http://192.0.2.1:8500/v1/kv/upstreams/web/")));
        failure.Message.ShouldBe("http://192.0.2.1:8500 is none of the servers of this registry");
        (await client.ListServicesAsync(9, TestContext.Current.CancellationToken)).ShouldBe([$"{second.Address}/v1/kv/upstreams/web/"]);
    }

    [Fact]
    public async Task Follow_TokenIsWrongOrMissing_IsNoWordOnInstances()
    {
        Set("upstreams/web/10.0.0.1:80", "{}");
        _server.Token = "hush";
        await using ConsulKvRegistryClient nobody = Client();
        (await Should.ThrowAsync<RegistryException>(() => ServiceFollower.FirstAsync(nobody, Key("web")))).Message.ShouldEndWith("with nothing that the token may read");
        await using ConsulKvRegistryClient wrong = Client(static config => config with { Access = config.Access with { Token = "hush-hush" } });
        string text = (await Should.ThrowAsync<RegistryException>(() => ServiceFollower.FirstAsync(wrong, Key("web")))).Message;
        text.ShouldBe($"{_server.Address} answers 403 to /v1/kv/upstreams/: the token is not, or no longer, allowed this");
        await Should.ThrowAsync<RegistryException>(() => wrong.TestAsync(TestContext.Current.CancellationToken));
        await using ConsulKvRegistryClient right = Client(static config => config with { Access = config.Access with { Token = "hush" } });
        ServiceFollower.Show(await ServiceFollower.FirstAsync(right, Key("web"))).ShouldBe("10.0.0.1:80*1");
    }

    private static ServiceKey Key(string name, DiscoveryArguments? arguments = null) => new("consul_kv", null, name, arguments ?? DiscoveryArguments.None);

    private void Set(string key, string value)
    {
        _server.State.Keys.Set(key, Encoding.UTF8.GetBytes(value));
        _server.State.Pulse.Beat();
    }

    private ConsulKvRegistryClient Client(Func<ConsulKvConfig, ConsulKvConfig>? change = null)
    {
        ConsulAccess quick = ConsulClients.Access(_server) with { Wait = TimeSpan.FromSeconds(1), ReadTimeout = TimeSpan.FromSeconds(2), ConnectTimeout = TimeSpan.FromSeconds(1) };
        var config = new ConsulKvConfig(quick);
        return new ConsulKvRegistryClient(change is null ? config : change(config), ConsulClients.Services);
    }
}
