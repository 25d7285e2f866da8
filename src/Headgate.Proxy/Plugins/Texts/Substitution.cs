namespace Headgate.Proxy.Plugins.Texts;

/// <summary>A pattern and what stands in for its first match, as <c>regex_uri</c> has them. Immutable, thread-safe.</summary>
internal sealed class Substitution
{
    private readonly BytePattern _pattern;

    private Substitution(BytePattern pattern, RequestTemplate replacement) => (_pattern, Replacement) = (pattern, replacement);

    /// <summary>What stands in.</summary>
    public RequestTemplate Replacement { get; }

    /// <summary>Null, with the reason, when one of the two is wrong.</summary>
    public static Substitution? Create(string pattern, string replacement, out string? error)
    {
        if (BytePattern.Create(pattern, ignoreCase: false, out error) is not { } compiled)
            return null;
        return TemplateParser.Replacement(replacement, out error) is { } template ? new Substitution(compiled, template) : null;
    }

    /// <summary>One that was created before.</summary>
    /// <exception cref="ArgumentException">One of the two is wrong.</exception>
    public static Substitution Of(string pattern, string replacement) => Create(pattern, replacement, out string? error) ?? throw new ArgumentException(error);

    /// <summary>Looks for the pattern. Room for one group finds the whole match alone, which costs no memory.</summary>
    public Found Match(ReadOnlySpan<byte> text, Span<(int Start, int Length)> groups, out int count) => _pattern.Match(text, groups, out count);
}
