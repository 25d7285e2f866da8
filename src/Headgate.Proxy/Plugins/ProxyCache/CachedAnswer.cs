using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>An answer that is kept. Immutable, but for what its zone notes of it.</summary>
internal sealed class CachedAnswer
{
    // Objects, array headers, the place in the dictionary and on the clock: measured generously, so that the zone's limit holds for what it really takes.
    private const int Overhead = 1024;

    private bool _isUsed;

    /// <summary>What requests have in common that may get it.</summary>
    public required byte[] Key { get; init; }

    /// <summary>Its head, without what belongs to one message or one connection.</summary>
    public required ResponseHead Head { get; init; }

    /// <summary>Its body.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Header fields of the request that it was chosen by.</summary>
    public required VaryField[] Vary { get; init; }

    /// <summary>When it came, and how old it was by then; its life.</summary>
    public required CacheLife Life { get; init; }

    /// <summary>What it takes of the zone, bytes.</summary>
    public long Bytes =>
        Overhead + Key.Length + Body.Length + Math.Max(2048, Head.Length * 2L) + (Math.Max(32, Head.FieldCount * 2L) * 24) + Vary.Sum(static chosen => 64L + chosen.Name.Length + (chosen.Value?.Length ?? 0));

    /// <summary>Its place among those that may have to go; under the zone's lock.</summary>
    public LinkedListNode<CachedAnswer>? Place { get; set; }

    /// <summary>Whether the request is one that it was made for (RFC 9111 §4.1).</summary>
    public bool Matches(RequestEdits request)
    {
        foreach (VaryField field in Vary)
        {
            if (!field.Matches(request))
                return false;
        }

        return true;
    }

    /// <summary>It was used. Any thread; written only when it says something new, so that readers do not take the line from each other.</summary>
    public void NoteUse()
    {
        if (!Volatile.Read(ref _isUsed))
            Volatile.Write(ref _isUsed, true);
    }

    /// <summary>Whether it was used since the last call.</summary>
    public bool TakeUse()
    {
        bool isUsed = Volatile.Read(ref _isUsed);
        Volatile.Write(ref _isUsed, false);
        return isUsed;
    }
}
