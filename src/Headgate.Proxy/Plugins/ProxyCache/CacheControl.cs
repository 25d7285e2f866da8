using System.Buffers.Text;
using System.Text;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>What the Cache-Control fields of a message say (RFC 9111 §5.2). Begins with <see cref="None"/>; allocates nothing.</summary>
internal struct CacheControl
{
    /// <summary>Nothing is said.</summary>
    public static readonly CacheControl None = new() { MaxAge = -1, SharedMaxAge = -1, MaxStale = -1, MinFresh = -1 };

    /// <summary><c>no-store</c>.</summary>
    public bool NoStore;

    /// <summary><c>no-cache</c>, also when it names fields.</summary>
    public bool NoCache;

    /// <summary><c>private</c>, also when it names fields.</summary>
    public bool Private;

    /// <summary><c>public</c>.</summary>
    public bool Public;

    /// <summary><c>must-revalidate</c> or <c>proxy-revalidate</c>.</summary>
    public bool MustRevalidate;

    /// <summary><c>only-if-cached</c>.</summary>
    public bool OnlyIfCached;

    /// <summary><c>max-age</c>, seconds; −1 = not said, 0 also when it is no number.</summary>
    public long MaxAge;

    /// <summary><c>s-maxage</c>, as <see cref="MaxAge"/>.</summary>
    public long SharedMaxAge;

    /// <summary><c>max-stale</c>, seconds; <see cref="long.MaxValue"/> without a number, −1 = not said.</summary>
    public long MaxStale;

    /// <summary><c>min-fresh</c>, seconds; −1 = not said.</summary>
    public long MinFresh;

    /// <summary>Takes in one field's value.</summary>
    public void Read(ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty)
        {
            int end = EndOfDirective(value);
            ReadOnlySpan<byte> directive = Trim(value[..end]);
            value = end < value.Length ? value[(end + 1)..] : default;
            int equals = directive.IndexOf((byte)'=');
            if (equals < 0)
                Take(directive, default, hasArgument: false);
            else
                Take(Trim(directive[..equals]), Trim(directive[(equals + 1)..]).Trim((byte)'"'), hasArgument: true);
        }
    }

    private void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> argument, bool hasArgument)
    {
        if (Ascii.EqualsIgnoreCase(name, "no-store"u8))
            NoStore = true;
        else if (Ascii.EqualsIgnoreCase(name, "no-cache"u8))
            NoCache = true;
        else if (Ascii.EqualsIgnoreCase(name, "private"u8))
            Private = true;
        else if (Ascii.EqualsIgnoreCase(name, "public"u8))
            Public = true;
        else if (Ascii.EqualsIgnoreCase(name, "must-revalidate"u8) || Ascii.EqualsIgnoreCase(name, "proxy-revalidate"u8))
            MustRevalidate = true;
        else if (Ascii.EqualsIgnoreCase(name, "only-if-cached"u8))
            OnlyIfCached = true;
        else if (Ascii.EqualsIgnoreCase(name, "max-age"u8))
            MaxAge = Least(MaxAge, Seconds(argument));
        else if (Ascii.EqualsIgnoreCase(name, "s-maxage"u8))
            SharedMaxAge = Least(SharedMaxAge, Seconds(argument));
        else if (Ascii.EqualsIgnoreCase(name, "min-fresh"u8))
            MinFresh = Seconds(argument);
        else if (Ascii.EqualsIgnoreCase(name, "max-stale"u8))
            MaxStale = hasArgument ? Seconds(argument) : long.MaxValue;
    }

    // Of several, which is a mistake, the one that makes an answer old first.
    private static long Least(long before, long seconds) => before < 0 ? seconds : Math.Min(before, seconds);

    /// <summary>Digits only; the largest number that a second count needs for one that is larger (RFC 9111 §1.2.2).</summary>
    private static long Seconds(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return 0;
        return Utf8Parser.TryParse(text, out long seconds, out _) ? Math.Min(seconds, int.MaxValue) : int.MaxValue;
    }

    /// <summary>The next comma that stands in no quoted string.</summary>
    private static int EndOfDirective(ReadOnlySpan<byte> value)
    {
        bool quoted = false;
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] == '"')
                quoted = !quoted;
            else if (value[i] == '\\' && quoted)
                i++;
            else if (value[i] == ',' && !quoted)
                return i;
        }

        return value.Length;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);
}
