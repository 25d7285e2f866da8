namespace Headgate.Store;

/// <summary>What of the history to find. All filters must pass.</summary>
public sealed record HistoryQuery
{
    /// <summary>Most records of a page.</summary>
    public const int LimitMax = 1000;

    /// <summary>Changes of keys that begin with it; the empty one is every key.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Changes of this key alone, which a store finds without looking at others. Null = any.</summary>
    public string? Key { get; init; }

    /// <summary>Changes of revisions before this one: <see cref="HistoryPage.Before"/> of the page before. Null = from the newest.</summary>
    public long? Before { get; init; }

    /// <summary>Changes made at this time or later, UTC. Null = any.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Changes made before this time, UTC. Null = any.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Changes whose <see cref="Origin.Who"/> is exactly this. Null = anyone's.</summary>
    public string? Who { get; init; }

    /// <summary>Records wanted, 1 to <see cref="LimitMax"/>. A page ends with a whole revision and may so hold up to 127 more; one of large values has fewer.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Throws when it is none that a store takes.</summary>
    /// <exception cref="ArgumentException">The prefix, the key or the limit is not allowed; says which.</exception>
    public void Check()
    {
        CommitLimits.CheckPrefix(Prefix);
        if (Key is not null)
            CommitLimits.CheckKey(Key, nameof(Key));
        ArgumentOutOfRangeException.ThrowIfLessThan(Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Limit, LimitMax);
    }

    /// <summary>Whether a change passes all filters but <see cref="Before"/> and <see cref="Limit"/>.</summary>
    public bool Passes(string key, DateTimeOffset time, string who) =>
        (Key is null || key == Key) && (Prefix.Length == 0 || key.StartsWith(Prefix, StringComparison.Ordinal)) && (From is null || time >= From) && (To is null || time < To) && (Who is null || who == Who);
}
