namespace Headgate.Proxy.Plugins.LimitCount;

/// <summary>
/// What places of the same group share: those whose configurations are equal count together, whatever route or service they are at. A group is forgotten when no place has it any
/// more. Used by the thread that compiles snapshots; thread-safe.
/// </summary>
internal sealed class CountGroups(PluginServices services)
{
    // Entries that nobody uses any more are swept when there are twice as many as the last sweep has left.
    private const int SweepMin = 64;

    private readonly Dictionary<LimitCountConfig, WeakReference<CountStore>> _stores = [];
    private int _sweepAt = SweepMin;

    /// <summary>What counts for places with this configuration, whose group is not null.</summary>
    public CountStore Of(LimitCountConfig config)
    {
        lock (_stores)
        {
            if (_stores.TryGetValue(config, out WeakReference<CountStore>? known) && known.TryGetTarget(out CountStore? store))
                return store;
            Sweep_NeedsLock();
            store = new LocalCounts(config, services.Time);
            _stores[config] = new WeakReference<CountStore>(store);
            return store;
        }
    }

    private void Sweep_NeedsLock()
    {
        if (_stores.Count < _sweepAt)
            return;
        foreach ((LimitCountConfig config, WeakReference<CountStore> store) in _stores)
        {
            if (!store.TryGetTarget(out _))
                _stores.Remove(config);
        }

        _sweepAt = Math.Max(SweepMin, _stores.Count * 2);
    }
}
