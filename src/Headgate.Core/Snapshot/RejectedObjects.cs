using Headgate.Core.Config;

namespace Headgate.Core.Snapshot;

/// <summary>The objects that are not served as stored. Edited by the compiler, published as a whole after each change of it.</summary>
internal sealed class RejectedObjects
{
    private readonly Dictionary<(ResourceKind, string), RejectedObject> _byKey = [];
    private bool _changed;

    // Written by the compiler, read by the log and the status pages.
    private volatile IReadOnlyList<RejectedObject> _items = [];

    /// <summary>As of the last <see cref="Publish"/>.</summary>
    public IReadOnlyList<RejectedObject> Items => _items;

    /// <summary>Adds an object, in the place of an earlier refusal of it.</summary>
    public void Add(RejectedObject rejected)
    {
        _byKey[(rejected.Kind, rejected.Id)] = rejected;
        _changed = true;
    }

    /// <summary>The object is served as stored, or gone.</summary>
    public void Remove(ResourceKind kind, string id) => _changed |= _byKey.Remove((kind, id));

    /// <summary>Lets others see the changes.</summary>
    public void Publish()
    {
        if (_changed)
            _items = [.. _byKey.Values];
        _changed = false;
    }
}
