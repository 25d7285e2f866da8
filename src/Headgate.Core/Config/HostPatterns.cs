namespace Headgate.Core.Config;

/// <summary>Compares hosts that may be wildcards: <c>*.a.test</c> stands for every name below <c>a.test</c>, as in a route. All lower-cased.</summary>
public static class HostPatterns
{
    /// <summary>Whether every name that <paramref name="host"/> stands for is one of <paramref name="pattern"/>.</summary>
    public static bool Covers(string pattern, string host)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(host);
        if (pattern == host)
            return true;
        if (!pattern.StartsWith('*'))
            return false;
        ReadOnlySpan<char> suffix = pattern.AsSpan(1);
        ReadOnlySpan<char> name = host.AsSpan().TrimStart('*');
        return name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal);
    }

    /// <summary>Whether there is a name that both stand for.</summary>
    public static bool Overlap(string first, string second) => Covers(first, second) || Covers(second, first);
}
