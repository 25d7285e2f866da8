using System.Text.RegularExpressions;

namespace Headgate.Core.Config.Expressions;

/// <summary>The regular expression of <see cref="VarsOperator.Matches"/>, compiled once when the configuration is read.</summary>
public sealed record VarsPattern : VarsOperand
{
    /// <summary>
    /// Longest time one match may take where the pattern cannot run without backtracking (look-around, back-references).
    /// A hostile request must not be able to hold an I/O thread; 100 ms is some thousand times what a sane match needs.
    /// </summary>
    public static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(100);

    private VarsPattern(string pattern, bool ignoreCase, Regex regex) => (Pattern, IgnoreCase, Regex) = (pattern, ignoreCase, regex);

    /// <summary>The pattern as written.</summary>
    public string Pattern { get; }

    /// <summary>True for <c>~*</c>.</summary>
    public bool IgnoreCase { get; }

    /// <summary>
    /// The compiled pattern: in linear time (<see cref="RegexOptions.NonBacktracking"/>) where the pattern allows it, else bounded by
    /// <see cref="MatchTimeout"/>, after which it throws <see cref="RegexMatchTimeoutException"/>. Thread-safe.
    /// </summary>
    public Regex Regex { get; }

    /// <summary>Compiles <paramref name="pattern"/>; null with the reason in <paramref name="error"/> when it is not a regular expression.</summary>
    public static VarsPattern? Create(string pattern, bool ignoreCase, out string? error)
    {
        RegexOptions options = RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            error = null;
            return new VarsPattern(pattern, ignoreCase, Compile(pattern, options));
        }
        catch (RegexParseException exception)
        {
            error = exception.Message.TrimEnd('.');
            return null;
        }
    }

    /// <summary>Equal when pattern and letter case handling are: the compiled form follows from them.</summary>
    public bool Equals(VarsPattern? other) => other is not null && Pattern == other.Pattern && IgnoreCase == other.IgnoreCase;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Pattern, IgnoreCase);

    private static Regex Compile(string pattern, RegexOptions options)
    {
        try
        {
            return new Regex(pattern, options | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, options, MatchTimeout);
        }
    }
}
