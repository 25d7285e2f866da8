using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Proxy.Discovery;
using Headgate.Proxy.Registries;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Discovery;

/// <summary>Following services: through failures, replaced registries and restarts.</summary>
public sealed class DiscoveryLoopTests : IAsyncDisposable
{
    private static readonly ServiceKey Web = new("consul", null, "web", DiscoveryArguments.None);
    private readonly ManualTimeProvider _time = new();
    private readonly List<ScriptedRegistry> _made = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("headgate-discovery-").FullName;
    private DiscoveryLoop _loop;

    public DiscoveryLoopTests() => _loop = Start();

    private ScriptedRegistry Registry => _made[^1];

    [Fact]
    public async Task Follow_Answer_IsThereAndTold()
    {
        _loop.Follow(Web);
        _loop.InstancesOf(Web).ShouldBeNull();

        Registry.Say("web", "10.0.0.1:80");

        await TakeAsync(Web);
        Hosts().ShouldBe(["10.0.0.1"]);
        (await GetAsync(() => _loop.Registries()[0], view => view.Last.Status == RegistryStatus.Healthy)).Name.ShouldBe("consul");
    }

    [Fact]
    public async Task Follow_ByTwo_IsAskedOnceAndLeftWithTheLast()
    {
        _loop.Follow(Web);
        _loop.Follow(Web);
        Registry.Say("web", "10.0.0.1:80");
        await TakeAsync(Web);

        _loop.Leave(Web);
        _loop.Services().ShouldHaveSingleItem().Followers.ShouldBe(1);
        _loop.Leave(Web);
        _loop.Services().ShouldBeEmpty();
        _loop.InstancesOf(Web).ShouldBeNull();
        Registry.AskedFor("web").ShouldBe(1);
    }

    [Fact]
    public async Task Failure_KeepsTheInstancesAndAsksAgainFromTheStart()
    {
        _loop.Follow(Web);
        Registry.Say("web", "10.0.0.1:80");
        await TakeAsync(Web);

        Registry.Failure = "connection refused";
        Registry.Break("web", "reset");
        RegistryView lost = await GetAsync(() => _loop.Registries()[0], static view => view.Last is { Status: RegistryStatus.Lost });
        lost.Last.Reason.ShouldBe("reset");
        Hosts().ShouldBe(["10.0.0.1"]);

        Registry.Failure = null;
        Registry.Say("web", "10.0.0.2:80");
        await BecomesAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return Hosts() is ["10.0.0.2"];
        });
        _loop.Registries()[0].History.Select(static change => change.Status).ShouldBe([RegistryStatus.Connecting, RegistryStatus.Healthy, RegistryStatus.Lost, RegistryStatus.Healthy]);
        _loop.Registries()[0].Counters.ShouldBe(new RegistryCounters(2, _loop.Registries()[0].Counters.Failures, 2));
    }

    [Fact]
    public async Task Failure_OfOneOfTwoServices_LosesNoRegistry()
    {
        ServiceKey api = Web with { Name = "api" };
        _loop.Follow(Web);
        _loop.Follow(api);
        Registry.Say("web", "10.0.0.1:80");
        Registry.Say("api", "10.0.0.2:80");
        await BecomesAsync(() => _loop.Services().All(static service => service.IsKnown));

        Registry.Break("api", "403");

        await BecomesAsync(() => _loop.Services()[0].Failure == "403");
        _loop.Registries()[0].Last.Status.ShouldBe(RegistryStatus.Healthy);
    }

    [Fact]
    public async Task Hold_EndsWithTime_AndIsTold()
    {
        _loop.Follow(Web);
        Registry.Say("web", [.. Enumerable.Range(1, 10).Select(static i => $"10.0.0.{i}:80")]);
        await TakeAsync(Web);
        Registry.Say("web", "10.0.0.4:80");
        ServiceView held = await GetAsync(() => _loop.Services()[0], static view => view.Held is not null);
        held.Held!.Missing.ShouldBe(9);
        Hosts().Length.ShouldBe(10);

        await BecomesAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            return Hosts() is ["10.0.0.4"];
        });
        _loop.Services()[0].Held.ShouldBeNull();
    }

    [Fact]
    public async Task Release_TakesTheHeldOut()
    {
        _loop.Follow(Web);
        Registry.Say("web", [.. Enumerable.Range(1, 10).Select(static i => $"10.0.0.{i}:80")]);
        await TakeAsync(Web);
        _loop.Release(Web).ShouldBeFalse();
        Registry.Say("web", "10.0.0.4:80");
        await BecomesAsync(() => _loop.Services()[0].Held is not null);

        _loop.Release(Web).ShouldBeTrue();

        await TakeAsync(Web);
        Hosts().ShouldBe(["10.0.0.4"]);
    }

    [Fact]
    public async Task Restart_DuringAnOutage_UsesWhatWasKnown()
    {
        _loop.Follow(Web);
        Registry.Say("web", "10.0.0.1:80", "10.0.0.2:81");
        await TakeAsync(Web);
        await _loop.DisposeAsync();

        _loop = Start("connection refused");
        _loop.Follow(Web);

        Hosts().ShouldBe(["10.0.0.1", "10.0.0.2"]);
        ServiceView view = await GetAsync(() => _loop.Services()[0], static view => view.Failure is not null);
        view.IsRemembered.ShouldBeTrue();
        view.AnsweredAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Restart_ServiceWithArguments_IsKnownAgain()
    {
        var arguments = new DiscoveryArguments
        {
            NamespaceId = "n",
            GroupName = "g",
            Metadata = [new MetadataEntry("a", "b")],
            Tags = ["t"],
            Datacenter = "d",
            PrefersGrpcPort = true,
        };
        ServiceKey narrowed = Web with { Arguments = arguments };
        _loop.Follow(narrowed);
        Registry.Say("web", "10.0.0.1:80");
        await TakeAsync(narrowed);
        await _loop.DisposeAsync();

        _loop = Start("connection refused");
        _loop.Follow(narrowed);
        _loop.Follow(Web);

        _loop.InstancesOf(narrowed)!.Value.Count.ShouldBe(1);
        _loop.InstancesOf(Web).ShouldBeNull();
    }

    [Fact]
    public async Task Restart_WithADamagedFile_StartsWithoutIt()
    {
        await _loop.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "discovery.json"), """{"version":1,"services":[{"type":null}]}""");

        _loop = Start();
        _loop.Follow(Web);

        _loop.InstancesOf(Web).ShouldBeNull();
        File.Exists(Path.Combine(_folder, "discovery.json.damaged")).ShouldBeTrue();
    }

    [Fact]
    public async Task Connection_ComesChangesAndGoes_WhatIsKnownStays()
    {
        ServiceKey of = new("consul", "r1", "web", DiscoveryArguments.None);
        _loop.Follow(of);
        _loop.Services()[0].Failure.ShouldBe("there is no registry service_registries/r1");

        _loop.SetRegistry("r1", new ServiceRegistryConfig { Id = "r1", Registry = new ScriptedConfig("consul", "a") });
        ScriptedRegistry first = Registry;
        first.Say("web", "10.0.0.1:80");
        await TakeAsync(of);

        _loop.SetRegistry("r1", new ServiceRegistryConfig { Id = "r1", Registry = new ScriptedConfig("consul", "b") });
        Registry.ShouldNotBeSameAs(first);
        await BecomesAsync(() => first.IsDisposed);
        _loop.InstancesOf(of)!.Value.Count.ShouldBe(1, "another address, and nothing is lost");
        Registry.Say("web", "10.0.0.2:80");
        await TakeAsync(of);

        _loop.SetRegistry("r1", null);
        await BecomesAsync(() => Registry.IsDisposed);
        _loop.InstancesOf(of)!.Value.Single().Host.ShouldBe("10.0.0.2");
        _loop.Registries().Select(static registry => registry.Name).ShouldBe(["consul"]);
    }

    [Fact]
    public void Connection_OfAnotherType_IsRefusedByName()
    {
        _loop.SetRegistry("r1", new ServiceRegistryConfig { Id = "r1", Registry = new ScriptedConfig("nacos") });
        _loop.Follow(new ServiceKey("consul", "r1", "web", DiscoveryArguments.None));
        _loop.Services()[0].Failure.ShouldBe("service_registries/r1 is of type nacos, not consul");
    }

    [Fact]
    public async Task Registry_ThatNobodyFollows_IsTested()
    {
        await BecomesAsync(() => _loop.Registries()[0].Last.Status == RegistryStatus.Healthy);
        Registry.Failure = "connection refused";
        RegistryView lost = await GetAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(15));
                return _loop.Registries()[0];
            },
            static view => view.Last.Status == RegistryStatus.Lost);
        lost.Last.Reason.ShouldBe("connection refused");
    }

    [Fact]
    public async Task FirstAnswers_OfASilentRegistry_AreNotWaitedForLonger()
    {
        _loop.Follow(Web);
        Task waiting = _loop.FirstAnswersAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        waiting.IsCompleted.ShouldBeFalse();
        await BecomesAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return waiting.IsCompleted;
        });

        Registry.Say("web", "10.0.0.1:80");
        await TakeAsync(Web);
        await _loop.FirstAnswersAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken); // at once: the clock stands still
    }

    [Fact]
    public async Task Questions_AskTestAndList()
    {
        var questions = new RegistryQuestions(_loop, TimeProvider.System);
        Registry.Say("web", "10.0.0.1:80");
        (await questions.AskAsync(Web, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)).Instances.Count.ShouldBe(1);
        (await questions.ListServicesAsync("consul", 10, TestContext.Current.CancellationToken)).ShouldBe(["web"]);
        (await questions.TestAsync(new ScriptedConfig("consul", "new"), TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)).ShouldBe(new RegistryTrial(0, null));
        _made[^1].IsDisposed.ShouldBeTrue();
        RegistryException none = await Should.ThrowAsync<RegistryException>(questions.ListServicesAsync("eureka", 10, TestContext.Current.CancellationToken));
        none.Message.ShouldBe("there is no registry eureka");
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private DiscoveryLoop Start(string? failure = null)
    {
        var options = new DiscoveryOptions { Registries = [new ScriptedConfig("consul")], File = Path.Combine(_folder, "discovery.json") };
        return new DiscoveryLoop(options, new RegistryServices(_time, NullLoggerFactory.Instance, TestSeed.Value), (_, _) =>
        {
            _made.Add(new ScriptedRegistry { Failure = failure });
            return _made[^1];
        });
    }

    private static Task BecomesAsync(Func<bool> condition) => Eventually.HoldsAsync(condition, "what the registry said has arrived");

    private static async Task<T> GetAsync<T>(Func<T> get, Func<T, bool> isIt)
    {
        T found = get();
        await BecomesAsync(() => isIt(found = get()));
        return found;
    }

    private string[] Hosts() => [.. _loop.InstancesOf(Web)!.Value.Select(static one => one.Host)];

    private async Task TakeAsync(ServiceKey service)
    {
        await _loop.Changes.WaitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));
        _loop.Changes.Take().ShouldBe([service]);
    }
}
