namespace Headgate.Core.Routing;

/// <summary>
/// Candidates that are tried one after another. Kept in chunks, so that an edit of a list of n copies about √n references and shares the other chunks.
/// </summary>
internal sealed class CandidateList : Candidates
{
    private const int ChunkMax = 64;

    private readonly Candidate[][] _chunks;

    private CandidateList(Candidate[][] chunks, int count)
    {
        _chunks = chunks;
        Count = count;
    }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <summary>The chunks, each in order and not empty, in order.</summary>
    public ReadOnlySpan<Candidate[]> Chunks => _chunks;

    /// <summary>A list of one.</summary>
    public static CandidateList Of(Candidate candidate) => new([[candidate]], 1);

    /// <inheritdoc/>
    public override Candidate? Find(ref MatchContext context, Candidate? bound)
    {
        foreach (Candidate[] chunk in _chunks)
        {
            foreach (Candidate candidate in chunk)
            {
                if (bound is not null && candidate.CompareTo(bound) >= 0)
                    return null;
                if (candidate.Matches(ref context))
                    return candidate;
            }
        }

        return null;
    }

    /// <summary>With one more, in its place.</summary>
    public CandidateList With(Candidate added)
    {
        int at = ChunkOf(added);
        Candidate[] chunk = _chunks[at];
        int index = Array.BinarySearch(chunk, added);
        if (index < 0)
            index = ~index;
        Candidate[] grown = [.. chunk.AsSpan(0, index), added, .. chunk.AsSpan(index)];
        if (grown.Length <= ChunkMax)
            return new(Replaced(at, grown), Count + 1);
        // An insertion at the very end is the usual case when routes arrive in order: leave the full chunk full then.
        int cut = index == grown.Length - 1 && at == _chunks.Length - 1 ? ChunkMax : grown.Length / 2;
        return new(Replaced(at, grown[..cut], grown[cut..]), Count + 1);
    }

    /// <inheritdoc/>
    public override Candidates? Without(Candidate candidate)
    {
        int at = ChunkOf(candidate);
        Candidate[] chunk = _chunks[at];
        int index = Array.BinarySearch(chunk, candidate);
        if (index < 0)
            return this;
        if (Count == 1)
            return null;
        if (chunk.Length == 1)
            return new CandidateList(Replaced(at), Count - 1);
        return new CandidateList(Replaced(at, [.. chunk.AsSpan(0, index), .. chunk.AsSpan(index + 1)]), Count - 1);
    }

    /// <summary>The last chunk that begins with a candidate not after this one; the first chunk when none does.</summary>
    private int ChunkOf(Candidate candidate)
    {
        int low = 0;
        int high = _chunks.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_chunks[middle][0].CompareTo(candidate) <= 0)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    private Candidate[][] Replaced(int at, params ReadOnlySpan<Candidate[]> chunks) =>
        [.. _chunks.AsSpan(0, at), .. chunks, .. _chunks.AsSpan(at + 1)];
}
