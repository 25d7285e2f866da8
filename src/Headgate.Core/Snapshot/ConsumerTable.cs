using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Snapshot;

/// <summary>Who may call, at one revision. Immutable. Look-ups take constant time, never block and never allocate.</summary>
public sealed class ConsumerTable
{
    private readonly KeyTable<ConsumerSnapshot> _byName;
    private readonly (PluginDefinition Plugin, KeyTable<CredentialSnapshot> Credentials)[] _byPlugin;

    internal ConsumerTable(KeyTable<ConsumerSnapshot> byName, (PluginDefinition Plugin, KeyTable<CredentialSnapshot> Credentials)[] byPlugin) =>
        (_byName, _byPlugin) = (byName, byPlugin);

    /// <summary>Nobody.</summary>
    public static ConsumerTable Empty { get; } = new(KeyTable<ConsumerSnapshot>.Empty, []);

    /// <summary>The consumer of that name; null when there is none.</summary>
    public ConsumerSnapshot? Find(ReadOnlySpan<byte> name) => _byName.Find(name);

    /// <summary>The credential that <paramref name="plugin"/> knows by <paramref name="key"/> (<see cref="PluginDefinition.CredentialKey"/>); null when there is none.</summary>
    public CredentialSnapshot? FindCredential(PluginDefinition plugin, ReadOnlySpan<byte> key)
    {
        foreach ((PluginDefinition owner, KeyTable<CredentialSnapshot> credentials) in _byPlugin)
        {
            if (ReferenceEquals(owner, plugin))
                return credentials.Find(key);
        }

        return null;
    }
}
