using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Snapshot;

/// <summary>
/// Whose plugins name which upstream. Not thread-safe: the compiler's.
/// </summary>
/// <typeparam name="T">Who carries plugins; compared by reference.</typeparam>
internal sealed class PluginReferences<T>
    where T : class
{
    private readonly ReferenceIndex<string, T> _users = new();

    /// <summary>Those whose plugins name an upstream, whether or not it exists.</summary>
    public IEnumerable<T> Of(string id) => _users.Of(id);

    /// <summary>Takes in that a user's plugins are others now; empty = it has none.</summary>
    public void Move(T user, EquatableArray<PluginSetting> before, EquatableArray<PluginSetting> after)
    {
        if (before == after)
            return;
        HashSet<string> from = PluginUpstreams.Ids(before), to = PluginUpstreams.Ids(after);
        foreach (string id in from.Where(id => !to.Contains(id)))
            _users.Move(user, id, null);
        foreach (string id in to.Where(id => !from.Contains(id)))
            _users.Move(user, null, id);
    }
}
