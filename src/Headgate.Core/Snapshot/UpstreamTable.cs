namespace Headgate.Core.Snapshot;

/// <summary>
/// Upstreams by slot, in pages: a change copies one page and the list of pages, whatever the number of upstreams, and routes keep naming the slot.
/// Immutable; edited through <see cref="UpstreamSlots"/>.
/// </summary>
internal sealed class UpstreamTable
{
    /// <summary>Slots a page: a copy of 2 KiB; 20,000 upstreams are 79 pages.</summary>
    public const int SlotsPerPage = 1 << PageBits;

    private const int PageBits = 8;
    private readonly UpstreamSnapshot?[][] _pages;

    /// <summary>Takes <paramref name="pages"/> over; each has <see cref="SlotsPerPage"/> elements and is never written again.</summary>
    public UpstreamTable(UpstreamSnapshot?[][] pages) => _pages = pages;

    /// <summary>No slot.</summary>
    public static UpstreamTable Empty { get; } = new([]);

    /// <summary>The pages.</summary>
    public IReadOnlyList<UpstreamSnapshot?[]> Pages => _pages;

    /// <summary>The upstream at a slot; null when the slot is empty or beyond the table.</summary>
    public UpstreamSnapshot? this[int slot]
    {
        get
        {
            UpstreamSnapshot?[][] pages = _pages;
            uint page = (uint)slot >> PageBits;
            return page < (uint)pages.Length ? pages[page][slot & (SlotsPerPage - 1)] : null;
        }
    }
}
