using System.Text.RegularExpressions;

namespace Headgate.Core.Config.Expressions;

/// <summary>
/// The regular expression of <see cref="VarsOperator.Matches"/>, compiled once when the configuration is read. Thread-safe.
/// </summary>
public sealed record VarsPattern : VarsOperand
{
    /// <summary>
    /// Time after which a match is done anew in linear time. It must only be long beside a sane match (about 1 µs): a thread that lost its core
    /// for that long makes the pattern change over for nothing, but not answer wrongly.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest time one match may take where the pattern cannot run in linear time (look-around, back-references).</summary>
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>Changed at most once, by whichever reader first runs out of patience.</summary>
    private Regex _regex;

    private VarsPattern(string pattern, bool ignoreCase, Regex regex) => (Pattern, IgnoreCase, _regex) = (pattern, ignoreCase, regex);

    /// <summary>The pattern as written.</summary>
    public string Pattern { get; }

    /// <summary>True for <c>~*</c>.</summary>
    public bool IgnoreCase { get; }

    /// <summary>Whether a text has made the pattern change over.</summary>
    internal bool RunsInLinearTimeForTest => _regex.Options.HasFlag(RegexOptions.NonBacktracking);

    /// <summary>Compiles <paramref name="pattern"/>; null with the reason in <paramref name="error"/> when it is not a regular expression.</summary>
    public static VarsPattern? Create(string pattern, bool ignoreCase, out string? error)
    {
        RegexOptions options = RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            error = null;
            return new VarsPattern(pattern, ignoreCase, new Regex(pattern, options, Patience));
        }
        catch (RegexParseException exception)
        {
            // The message repeats the pattern.
            error = pattern.Length <= 256 ? exception.Message.TrimEnd('.') : $"{exception.Error} at offset {exception.Offset}";
            return null;
        }
    }

    /// <summary>
    /// Whether the pattern is found anywhere in <paramref name="text"/>. A hostile text cannot hold the thread: a pattern that takes long runs in
    /// linear time from then on; one that cannot counts as not found after 100 ms. Called concurrently; allocates nothing in the long run.
    /// </summary>
    public bool IsMatch(ReadOnlySpan<char> text)
    {
        Regex regex = _regex;
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            if (regex.MatchTimeout != Patience)
                return false;
            _regex = Hardened(regex.Options);
            return IsMatch(text);
        }
    }

    /// <summary>Equal when pattern and letter case handling are: the compiled form follows from them.</summary>
    public bool Equals(VarsPattern? other) => other is not null && Pattern == other.Pattern && IgnoreCase == other.IgnoreCase;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Pattern, IgnoreCase);

    /// <summary>
    /// The pattern in linear time if it can be, else with the long timeout. Not made from the start: such a Regex takes 2 ms and 600 KB to make, and
    /// 10,000 routes may have one each.
    /// </summary>
    private Regex Hardened(RegexOptions options)
    {
        try
        {
            return new Regex(Pattern, options | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(Pattern, options, MatchTimeout);
        }
    }
}
