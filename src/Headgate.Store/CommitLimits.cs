using System.Text;

namespace Headgate.Store;

/// <summary>
/// What a commit may hold, the same for every implementation. The numbers are etcd's defaults (<c>--max-txn-ops</c> 128, <c>--max-request-bytes</c> 1.5 MiB),
/// so that what one store accepts the other does not refuse for its shape.
/// </summary>
public static class CommitLimits
{
    /// <summary>Most operations of a commit; the least is 1.</summary>
    public const int OperationsMax = 128;

    /// <summary>Most compares of a commit; none is allowed.</summary>
    public const int ComparesMax = 128;

    /// <summary>Longest key, bytes of UTF-8; the shortest is 1.</summary>
    public const int KeyBytesMax = 1024;

    /// <summary>Largest value, bytes: 1.5 MiB.</summary>
    public const int ValueBytesMax = 3 * 512 * 1024;

    /// <summary>Shortest ttl: one millisecond.</summary>
    public static TimeSpan TtlMin { get; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Longest ttl: 3650 days, far below where a date overflows.</summary>
    public static TimeSpan TtlMax { get; } = TimeSpan.FromDays(3650);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Throws when <paramref name="commit"/> is not one that a store takes.</summary>
    /// <exception cref="ArgumentException">A limit is broken; says which operation or compare, what was given and what is allowed.</exception>
    public static void Check(Commit commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        if (commit.Operations.Count is < 1 or > OperationsMax)
        {
            throw new ArgumentException($"A commit takes 1 to {OperationsMax} operations; this one has {commit.Operations.Count}.", nameof(commit));
        }

        if (commit.Compares.Count > ComparesMax)
        {
            throw new ArgumentException($"A commit takes at most {ComparesMax} compares; this one has {commit.Compares.Count}.", nameof(commit));
        }

        HashSet<string> seen = new(commit.Operations.Count, StringComparer.Ordinal);
        for (int i = 0; i < commit.Operations.Count; i++)
        {
            Operation operation = commit.Operations[i];
            CheckKey(operation.Key, $"operations[{i}]");
            if (!seen.Add(operation.Key))
            {
                throw new ArgumentException($"operations[{i}]: the key {operation.Key} is written twice; a commit writes each key at most once.", nameof(commit));
            }

            if (operation is Operation.Put put)
            {
                CheckPut(put, i);
            }
        }

        for (int i = 0; i < commit.Compares.Count; i++)
        {
            CheckCompare(commit.Compares[i], $"compares[{i}]");
        }
    }

    /// <summary>Throws when <paramref name="key"/> cannot be a key: 1 to <see cref="KeyBytesMax"/> bytes of valid UTF-8 without NUL.</summary>
    /// <param name="key">The key.</param>
    /// <param name="where">Begins the message: <c>operations[3]</c>.</param>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public static void CheckKey(string key, string where)
    {
        ArgumentNullException.ThrowIfNull(key);
        int bytes = CheckText(key, where);
        if (bytes is < 1 or > KeyBytesMax)
        {
            throw new ArgumentException($"{where}: a key has 1 to {KeyBytesMax} bytes; this one has {bytes}.", nameof(key));
        }
    }

    /// <summary>Throws when <paramref name="prefix"/> cannot be the beginning of a key; the empty one can.</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public static void CheckPrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        CheckText(prefix, "prefix");
    }

    private static void CheckPut(Operation.Put put, int index)
    {
        if (put.Value.Length > ValueBytesMax)
        {
            throw new ArgumentException(
                $"operations[{index}]: the value of {put.Key} has {put.Value.Length} bytes; at most {ValueBytesMax} (1.5 MiB) are allowed.", nameof(put));
        }

        if (put.Ttl is { } ttl && (ttl < TtlMin || ttl > TtlMax))
        {
            throw new ArgumentException($"operations[{index}]: the ttl of {put.Key} is {ttl}; use 1 ms to 3650 days, or none.", nameof(put));
        }
    }

    private static void CheckCompare(Compare compare, string where)
    {
        switch (compare)
        {
            case Compare.Exists exists: CheckKey(exists.Key, where); break;
            case Compare.Missing missing: CheckKey(missing.Key, where); break;
            case Compare.UnchangedSince unchanged: CheckKey(unchanged.Key, where); break;
            case Compare.RangeNotWrittenSince range: CheckText(range.Prefix, where); break;
            default: throw new ArgumentException($"{where}: {compare?.GetType().Name ?? "null"} is not a compare that stores know.", nameof(compare));
        }
    }

    // Two different strings with lone surrogates would become the same bytes, and NUL ends a text in SQLite's tools: refused rather than mangled.
    private static int CheckText(string text, string where)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"{where}: a key cannot hold a NUL character.", nameof(text));
        }

        try
        {
            return StrictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"{where}: the key is not valid Unicode text (lone surrogate at character {e.Index}).", nameof(text), e);
        }
    }
}
