namespace Headgate.Proxy.Plugins.LimitCount;

/// <summary>
/// What places of the same group share: those whose configurations are equal count together, whatever route or service they are at. A group is forgotten when no place has it any
/// more.
/// </summary>
internal sealed class CountGroups(PluginServices services)
{
    private readonly WeakTable<LimitCountConfig, CountStore> _stores = new();

    /// <summary>What counts for places with this configuration, whose group is not null.</summary>
    public CountStore Of(LimitCountConfig config) => _stores.GetOrAdd(config, asked => new LocalCounts(asked, services.Time));
}
