using System.Text;

namespace Headgate.Store;

/// <summary>The keys that begin with a prefix, as a range of UTF-8 bytes: from inclusive, to exclusive.</summary>
internal sealed class KeyRange
{
    private KeyRange(byte[] from, byte[] to)
    {
        From = from;
        To = to;
    }

    /// <summary>The prefix.</summary>
    public byte[] From { get; }

    /// <summary>The least bytes above every key of the range; not always whole characters.</summary>
    public byte[] To { get; }

    /// <summary>Range from <paramref name="from"/> to below <paramref name="to"/>.</summary>
    public static KeyRange Between(byte[] from, byte[] to) => new(from, to);

    /// <summary>Range of <paramref name="key"/> alone: nothing lies between it and itself followed by the least byte.</summary>
    /// <exception cref="ArgumentException">It is no legal key.</exception>
    public static KeyRange OfKey(string key)
    {
        CommitLimits.CheckKey(key, nameof(key));
        byte[] from = Encoding.UTF8.GetBytes(key);
        return new KeyRange(from, [.. from, 0]);
    }

    /// <summary>Range of all keys that begin with <paramref name="prefix"/>; the empty one is all keys.</summary>
    /// <exception cref="ArgumentException">No key can begin so.</exception>
    public static KeyRange OfPrefix(string prefix)
    {
        CommitLimits.CheckPrefix(prefix);
        byte[] from = Encoding.UTF8.GetBytes(prefix);
        if (from.Length == 0)
        {
            return new KeyRange(from, [0xFF]); // no UTF-8 text has this byte
        }

        // The last byte of UTF-8 is at most 0xF4, so that adding one never carries.
        byte[] to = [.. from];
        to[^1]++;
        return new KeyRange(from, to);
    }
}
