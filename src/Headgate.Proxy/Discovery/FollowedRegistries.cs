using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Registries;

namespace Headgate.Proxy.Discovery;

/// <summary>
/// The registries of a <see cref="DiscoveryLoop"/>, each with a client, and with tests as long as no service shows how it is. Members whose names end in NeedsLock are called under
/// the book's lock.
/// </summary>
/// <param name="book">Takes in what tests say.</param>
/// <param name="needs">What clients are made with, but for the seed.</param>
/// <param name="make">Makes clients.</param>
/// <param name="seeds">Where their draws begin.</param>
/// <param name="ending">Takes the ends of those that are replaced.</param>
internal sealed class FollowedRegistries(
    DiscoveryBook book, RegistryServices needs, Func<RegistryConfig, RegistryServices, IRegistryClient> make, DiscoverySeeds seeds, EndingTasks ending)
{
    private readonly Dictionary<string, FollowedRegistry> _registries = new(StringComparer.Ordinal);

    /// <summary>The registry of a name; null when there is none.</summary>
    public FollowedRegistry? Find_NeedsLock(string name) => _registries.GetValueOrDefault(name);

    /// <summary>All as they are now, in order of name.</summary>
    public IReadOnlyList<RegistryView> Views_NeedsLock() => [.. _registries.Values.OrderBy(static registry => registry.Name, StringComparer.Ordinal).Select(static registry => registry.View())];

    /// <summary>Whether there is nothing to replace: the registry is reached as before, or is not there as before. How it is tested is taken over.</summary>
    public bool Keeps_NeedsLock(string name, RegistryConfig? config, RegistryProbing probing)
    {
        FollowedRegistry? known = Find_NeedsLock(name);
        if (known?.Config != config)
            return false;
        if (known is not null)
            known.Probing = probing;
        return true;
    }

    /// <summary>Puts a registry in the place of the one of that name, or of none; null takes it away.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="config">How it is reached from now on.</param>
    /// <param name="probing">How it is tested.</param>
    /// <param name="asking">Who still asks the one before; it ends after them.</param>
    public void Replace_NeedsLock(string name, RegistryConfig? config, RegistryProbing probing, Task[] asking)
    {
        FollowedRegistry? before = Find_NeedsLock(name);
        if (config is null)
            _registries.Remove(name);
        else
            _registries[name] = Begin(new FollowedRegistry(name, config, MakeClient(config), needs.Time.GetUtcNow()) { Probing = probing });
        if (before is not null)
            ending.Add_NeedsLock(EndAsync(before, asking));
    }

    /// <summary>Ends all, after those who still ask.</summary>
    public IEnumerable<Task> End_NeedsLock(Task[] asking) => [.. _registries.Values.Select(registry => EndAsync(registry, asking))];

    /// <summary>A client of nobody's; whoever takes it disposes of it. Thread-safe.</summary>
    public IRegistryClient MakeClient(RegistryConfig config) => make(config, needs with { Seed = seeds.Next() });

    private static async Task EndAsync(FollowedRegistry registry, Task[] asking)
    {
        await registry.Stop.CancelAsync();
        await Task.WhenAll([registry.Testing, .. asking]);
        await registry.Client.DisposeAsync();
    }

    private FollowedRegistry Begin(FollowedRegistry registry)
    {
        registry.Testing = TestAsync(registry, registry.Stop.Token);
        return registry;
    }

    private async Task TestAsync(FollowedRegistry registry, CancellationToken stop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!stop.IsCancellationRequested)
        {
            bool needed;
            RegistryProbing probing;
            lock (book.Gate)
                (needed, probing) = (registry.NeedsProbe, registry.Probing);
            if (needed)
            {
                try
                {
                    book.OnTested(registry, await RegistryTest.RunAsync(registry.Client, probing.Timeout, needs.Time, stop), stop);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }

            await Task.Delay(probing.Interval, needs.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
