namespace Headgate.Proxy.Explain;

/// <summary>Which requests are kept to be explained afterwards.</summary>
/// <param name="Recent">So many, 0 to 10,000; 0 = none, and nothing is traced. About 2 KB each.</param>
/// <param name="Sample">One in so many, at least 1, beside those with a failed try or without any.</param>
public sealed record RecentDecisionOptions(int Recent, int Sample)
{
    /// <summary>Off; a hundredth of the requests once it is on.</summary>
    public static RecentDecisionOptions Default { get; } = new(Recent: 0, Sample: 100);
}
