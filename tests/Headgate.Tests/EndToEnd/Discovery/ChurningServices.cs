using System.Diagnostics;
using System.Globalization;
using System.Net;
using Headgate.Testing;
using Headgate.Testing.Registries.Consul;

namespace Headgate.Tests.EndToEnd.Discovery;

/// <summary>
/// Services in a registry whose instances are replaced all the time. Each instance has an address of its own below 127.0.0.0/8, and one node answers for all of them, so that it can tell
/// which is still asked after it was taken out.
/// </summary>
internal sealed class ChurningServices : IAsyncDisposable
{
    /// <summary>How long after an instance was taken out of the registry a request may still reach it; 1 s is promised, the rest is for the machine.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);

    private readonly long[] _removedAt = new long[1 << 24];
    private readonly List<int>[] _instances;
    private readonly ConsulTestServer _registry;
    private readonly ScriptedNode _node;
    private readonly Random _random;
    private int _last = 1;
    private int _lateRequests;

    private ChurningServices(ConsulTestServer registry, int services, int instances, Random random)
    {
        (_registry, _random) = (registry, random);
        _node = ScriptedNode.Start(ServeAsync, IPAddress.Any);
        _instances = [.. Enumerable.Range(0, services).Select(_ => new List<int>(instances))];
        for (int service = 0; service < services; service++)
        {
            for (int i = 0; i < instances; i++)
                Add(service);
        }
    }

    /// <summary>Address of the registry.</summary>
    public string Registry => _registry.Address;

    /// <summary>Requests that reached an instance long after it was taken out.</summary>
    public int LateRequests => Volatile.Read(ref _lateRequests);

    /// <summary>Changes made so far.</summary>
    public int Changes { get; private set; }

    public static async Task<ChurningServices> StartAsync(int services, int instances, Random random) => new(await ConsulTestServer.StartAsync(), services, instances, random);

    /// <summary>Replaces instances of random services at an even rate for a time.</summary>
    public async Task RunAsync(int changesPerSecond, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        long began = Stopwatch.GetTimestamp();
        int begun = Changes;
        while (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < duration)
        {
            for (int due = begun + (int)(elapsed.TotalSeconds * changesPerSecond); Changes < due; Changes++)
                Replace(_random.Next(_instances.Length));
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        await _node.DisposeAsync();
    }

    private void Replace(int service)
    {
        List<int> instances = _instances[service];
        int index = _random.Next(instances.Count), gone = instances[index];
        instances.RemoveAt(index);
        Add(service);
        _registry.State.Deregister(Id(service, gone)).ShouldBeTrue();
        Volatile.Write(ref _removedAt[gone], Stopwatch.GetTimestamp());
    }

    private void Add(int service)
    {
        int instance = ++_last;
        _instances[service].Add(instance);
        _registry.State.Register(new ConsulService($"s{service}", Id(service, instance)) { Address = Address(instance), Port = _node.Port });
    }

    private static string Id(int service, int instance) => string.Create(CultureInfo.InvariantCulture, $"s{service}-{instance}");

    private static string Address(int instance) => string.Create(CultureInfo.InvariantCulture, $"127.{instance >> 16}.{(instance >> 8) & 255}.{instance & 255}");

    private async Task ServeAsync(ScriptedPeer peer)
    {
        byte[] address = ((IPEndPoint)peer.Socket.LocalEndPoint!).Address.GetAddressBytes();
        int instance = (address[1] << 16) | (address[2] << 8) | address[3];
        while (await peer.ReadHeadAsync() is not null)
        {
            if (Volatile.Read(ref _removedAt[instance]) is var removed and not 0 && Stopwatch.GetElapsedTime(removed) > Late)
                Interlocked.Increment(ref _lateRequests);
            await peer.AnswerAsync("ok");
        }
    }
}
