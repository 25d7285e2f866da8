using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Headgate.Proxy.Plugins.Texts;

/// <summary>
/// A regular expression over bytes, as APISIX's without its <c>u</c> flag: byte and character are one, so that what was caught is a piece of the text. Thread-safe. A hostile text
/// cannot hold the thread: a pattern that takes long runs in linear time from then on, and one that cannot gives up after 100 ms.
/// </summary>
internal sealed class BytePattern
{
    private const int StackChars = 256;
    private const int MatchTimeoutMs = 100;

    // Long beside a sane match (about 1 µs). A linear-time Regex is not made from the start: it takes 2 ms and 600 KB to make.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly PrefixCapture? _prefix;

    // Replaced at most once, by whichever thread first runs out of patience.
    private Regex _regex;

    private BytePattern(Regex regex, PrefixCapture? prefix) => (_regex, _prefix) = (regex, prefix);

    /// <summary>Compiles <paramref name="pattern"/>; null with the reason when it is not a regular expression.</summary>
    public static BytePattern? Create(string pattern, bool ignoreCase, out string? error)
    {
        // The bytes of the pattern as characters too: what is not ASCII matches byte by byte.
        string bytes = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(pattern));
        RegexOptions options = RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            error = null;
            return new BytePattern(new Regex(bytes, options, Patience), ignoreCase ? null : PrefixCapture.TryParse(bytes));
        }
        catch (RegexParseException exception)
        {
            error = pattern.Length <= 256 ? exception.Message.TrimEnd('.') : $"{exception.Error} at offset {exception.Offset}";
            return null;
        }
    }

    /// <summary>Compiles a pattern that was compiled before.</summary>
    /// <exception cref="ArgumentException">It is not a regular expression.</exception>
    public static BytePattern Of(string pattern, bool ignoreCase = false) => Create(pattern, ignoreCase, out string? error) ?? throw new ArgumentException(error);

    /// <summary>Whether the pattern is anywhere in <paramref name="text"/>. Allocates nothing in the long run.</summary>
    public Found Find(ReadOnlySpan<byte> text) => Run(text, [], out _);

    /// <summary>
    /// The first match in <paramref name="text"/> and its groups, of which <paramref name="groups"/> takes as many as it has room for. Where more than the whole match is asked, a
    /// Regex allocates; patterns of the form <c>^/prefix/(.*)</c> do not.
    /// </summary>
    public Found Match(ReadOnlySpan<byte> text, Span<(int Start, int Length)> groups, out int count) =>
        _prefix is not null && _prefix.TryMatch(text, groups, out count, out bool isFound) ? isFound ? Found.Yes : Found.No : Run(text, groups, out count);

    private Found Run(ReadOnlySpan<byte> text, Span<(int Start, int Length)> groups, out int count)
    {
        char[]? rented = text.Length > StackChars ? ArrayPool<char>.Shared.Rent(text.Length) : null;
        Span<char> buffer = rented ?? stackalloc char[StackChars];
        Span<char> characters = buffer[..Encoding.Latin1.GetChars(text, buffer)];
        count = 0;
        Regex regex = _regex;
        try
        {
            return Run(regex, characters, groups, out count);
        }
        catch (RegexMatchTimeoutException) when (regex.MatchTimeout == Patience)
        {
            _regex = Hardened(regex);
            return RunHardened(characters, groups, out count);
        }
        catch (RegexMatchTimeoutException)
        {
            return Found.Unknown;
        }
        finally
        {
            if (rented is not null)
                ArrayPool<char>.Shared.Return(rented);
        }
    }

    private Found RunHardened(ReadOnlySpan<char> text, Span<(int Start, int Length)> groups, out int count)
    {
        count = 0;
        try
        {
            return Run(_regex, text, groups, out count);
        }
        catch (RegexMatchTimeoutException)
        {
            return Found.Unknown;
        }
    }

    private static Found Run(Regex regex, ReadOnlySpan<char> text, Span<(int Start, int Length)> groups, out int count)
    {
        count = 0;
        if (groups.IsEmpty)
            return regex.IsMatch(text) ? Found.Yes : Found.No;
        if (groups.Length == 1)
        {
            foreach (ValueMatch whole in regex.EnumerateMatches(text))
            {
                groups[0] = (whole.Index, whole.Length);
                count = 1;
                return Found.Yes;
            }

            return Found.No;
        }

        // Only a Match knows its groups, and only of a string.
        Match match = regex.Match(text.ToString());
        if (!match.Success)
            return Found.No;
        count = Math.Min(groups.Length, match.Groups.Count);
        for (int i = 0; i < count; i++)
            groups[i] = (match.Groups[i].Index, match.Groups[i].Length);
        return Found.Yes;
    }

    private static Regex Hardened(Regex regex)
    {
        try
        {
            return new Regex(regex.ToString(), regex.Options | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(regex.ToString(), regex.Options, TimeSpan.FromMilliseconds(MatchTimeoutMs));
        }
    }
}
