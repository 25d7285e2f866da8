namespace Headgate.Core.Snapshot;

/// <summary>
/// Hands out the slots of upstreams and edits the table copy on write. Not thread-safe: the compiler's.
/// <para>
/// A slot is free for reuse as soon as its upstream is gone, although older snapshots may still be read: a slot has a meaning only together with the snapshot it
/// is looked up in, a request reads one snapshot for routes and slots both, and no snapshot ever changes. The compiler relinks every route that named the slot
/// before it publishes the snapshot in which the slot holds something else.
/// </para>
/// </summary>
internal sealed class UpstreamSlots
{
    private readonly List<UpstreamSnapshot?[]> _pages = [];
    private readonly HashSet<int> _copied = [];
    private readonly Stack<int> _free = new();
    private UpstreamTable _published = UpstreamTable.Empty;
    private int _next;
    private bool _changed;

    /// <summary>Slots in use.</summary>
    public int Count => _next - _free.Count;

    /// <summary>An empty slot.</summary>
    public int Take() => _free.TryPop(out int slot) ? slot : _next++;

    /// <summary>Empties a slot and makes it free.</summary>
    public void Return(int slot)
    {
        Set(slot, null);
        _free.Push(slot);
    }

    /// <summary>Puts an upstream into its slot, in the next table.</summary>
    public void Set(int slot, UpstreamSnapshot? upstream)
    {
        int page = slot / UpstreamTable.SlotsPerPage;
        if (page == _pages.Count)
        {
            _pages.Add(new UpstreamSnapshot?[UpstreamTable.SlotsPerPage]);
            _copied.Add(page);
        }
        else if (_copied.Add(page))
        {
            // A published page is being read: the first write since then goes to a copy.
            _pages[page] = (UpstreamSnapshot?[])_pages[page].Clone();
        }

        _pages[page][slot % UpstreamTable.SlotsPerPage] = upstream;
        _changed = true;
    }

    /// <summary>The table with all changes so far; the same instance when there were none.</summary>
    public UpstreamTable Publish()
    {
        if (!_changed)
            return _published;
        _copied.Clear();
        _changed = false;
        return _published = new UpstreamTable([.. _pages]);
    }
}
