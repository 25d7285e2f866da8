using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.ResponseRewrite;

/// <summary>
/// A pattern and what stands in for it in a body. Runs in linear time where the pattern allows that; another gives up after a quarter of a second. Immutable, thread-safe. Source:
/// lua-nginx-module's <c>ngx.re.sub</c> and <c>gsub</c>.
/// </summary>
internal sealed partial class BodyFilter
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromMilliseconds(250);
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Regex _regex;
    private readonly string _replacement;
    private readonly Encoding _encoding;
    private readonly int _count;

    private BodyFilter(BodyFilterConfig config, Regex regex, Encoding encoding)
    {
        (_regex, _encoding, _count) = (regex, encoding, config.IsGlobal ? -1 : 1);
        int[] groups = regex.GetGroupNumbers();
        _replacement = Dollar().Replace(AsText(config.Replacement, encoding), dollar =>
            !dollar.Groups[1].Success ? "$$" : groups.Contains(int.Parse(dollar.Groups[1].ValueSpan, provider: null)) ? $"${{{dollar.Groups[1].Value}}}" : "");
    }

    /// <summary>Null, with the reason, when pattern, replacement or options are wrong.</summary>
    public static BodyFilter? Create(BodyFilterConfig config, out string? error)
    {
        RegexOptions options = RegexOptions.CultureInvariant;
        bool isAnchored = false;
        Encoding encoding = Encoding.Latin1; // byte and character are one, unless u says otherwise
        foreach (char option in config.Options)
        {
            switch (option)
            {
                case 'i': options |= RegexOptions.IgnoreCase; break;
                case 'm': options |= RegexOptions.Multiline; break;
                case 's': options |= RegexOptions.Singleline; break;
                case 'x': options |= RegexOptions.IgnorePatternWhitespace; break;
                case 'a': isAnchored = true; break;
                case 'u' or 'U': encoding = Utf8; break;
                case 'j' or 'o': break; // how PCRE compiles
                default:
                    error = $"unknown flag \"{option}\" (flags \"{config.Options}\"); allowed: a i j m o s u U x";
                    return null;
            }
        }

        if (TemplateParser.Replacement(config.Replacement, out error) is null)
            return null;
        try
        {
            string pattern = AsText(config.Pattern, encoding);
            return new BodyFilter(config, Compile(isAnchored ? $@"\G(?:{pattern})" : pattern, options), encoding);
        }
        catch (RegexParseException exception)
        {
            error = exception.Message.TrimEnd('.');
            return null;
        }
    }

    /// <summary>The body with the matches replaced; itself when there are none. Takes memory for a body that changes.</summary>
    /// <exception cref="RegexMatchTimeoutException">It took too long to know.</exception>
    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> body)
    {
        char[] characters = ArrayPool<char>.Shared.Rent(_encoding.GetMaxCharCount(body.Length));
        try
        {
            int count = _encoding.GetChars(body.Span, characters);
            if (!_regex.IsMatch(characters.AsSpan(0, count)))
                return body;
            string text = new(characters, 0, count);
            return _encoding.GetBytes(_regex.Replace(text, _replacement, _count));
        }
        catch (DecoderFallbackException)
        {
            return body; // u, and no UTF-8: nothing can be found, as in PCRE
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    private static Regex Compile(string pattern, RegexOptions options)
    {
        try
        {
            return new Regex(pattern, options | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, options, TimeMax);
        }
    }

    private static string AsText(string text, Encoding encoding) => encoding.GetString(Utf8.GetBytes(text));

    [GeneratedRegex(@"\$(?:\{?([0-9]{1,2})\}?|\$)")]
    private static partial Regex Dollar();
}
