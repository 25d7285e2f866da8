namespace Headgate.Core.Routing;

/// <summary>
/// The routes that one host and one path of the tables lead to: one or many, immutable, in the order in which they are tried
/// (<see cref="Candidate.CompareTo"/>). Never empty: null stands for none.
/// </summary>
internal abstract class Candidates
{
    /// <summary>From this many on, routes are looked up by what their variables must equal instead of being tried one after another.</summary>
    internal const int IndexedFrom = 9;

    /// <summary>How many there are, at least 1.</summary>
    public abstract int Count { get; }

    /// <summary>The first one that matches and comes before <paramref name="bound"/> (null = no bound); null when none does.</summary>
    public abstract Candidate? Find(ref MatchContext context, Candidate? bound);

    /// <summary>Without the one that is the same route by the same pattern; this very object when there is none; null when it was the last.</summary>
    public abstract Candidates? Without(Candidate candidate);

    /// <summary>All of <paramref name="present"/>, and one more.</summary>
    public static Candidates With(Candidates? present, Candidate added) => present switch
    {
        null => added,
        CandidateIndex index => index.With(added),
        CandidateList { Count: >= IndexedFrom - 1 } list => CandidateIndex.Of(list).With(added),
        _ => WithListed(present, added),
    };

    /// <summary>As <see cref="With"/>, but always tried one after another.</summary>
    public static Candidates WithListed(Candidates? present, Candidate added) => present switch
    {
        null => added,
        Candidate one => CandidateList.Of(one).With(added),
        _ => ((CandidateList)present).With(added),
    };
}
