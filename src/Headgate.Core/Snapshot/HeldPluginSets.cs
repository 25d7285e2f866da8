using Headgate.Core.Config;

namespace Headgate.Core.Snapshot;

/// <summary>The plugin sets of one kind, by id. Not thread-safe: the compiler's.</summary>
/// <param name="kind">Their kind.</param>
/// <param name="upstreams">Where the upstreams that their plugins bring are served.</param>
/// <param name="relink">Called with an id when what is made of that set has to be made anew.</param>
internal sealed class HeldPluginSets(ResourceKind kind, HeldUpstreams upstreams, Action<string> relink)
{
    private readonly Dictionary<string, HeldPluginSet> _sets = new(StringComparer.Ordinal);

    /// <summary>All of them, by id in order.</summary>
    public IEnumerable<HeldPluginSet> InOrder => _sets.OrderBy(static set => set.Key, StringComparer.Ordinal).Select(static set => set.Value);

    /// <summary>Whether there is one of that id.</summary>
    public bool Contains(string id) => _sets.ContainsKey(id);

    /// <summary>The one of that id; null when there is none.</summary>
    public HeldPluginSet? Find(string id) => _sets.GetValueOrDefault(id);

    /// <summary>Takes a set's new version; null = it is gone.</summary>
    public void Set(string id, PluginSetConfig? config)
    {
        HeldPluginSet? set = _sets.GetValueOrDefault(id);
        if (set is null)
        {
            if (config is null)
                return;
            _sets.Add(id, set = new HeldPluginSet(new HeldPlugins($"{kind.Plural()}/{id}", () => relink(id))));
        }

        PluginSetConfig? before = set.Config;
        set.Config = config;
        upstreams.SetPlugins(set.Plugins, config?.Plugins ?? []);
        if (config is null)
            _sets.Remove(id);
        if (before != config)
            relink(id);
    }
}
