using System.Text;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.Cors;

/// <summary>Origins that are let in. Immutable, thread-safe.</summary>
internal sealed class OriginSet
{
    private readonly BytePattern[] _patterns;
    private readonly byte[][] _origins;
    private readonly bool _isAny;
    private readonly bool _isAnyByName;

    /// <summary>Those of <paramref name="list"/>, or of <paramref name="patterns"/> when there are any.</summary>
    public OriginSet(string? list, EquatableArray<string> patterns)
    {
        _patterns = [.. patterns.Items.Select(static pattern => BytePattern.Of(pattern))];
        _isAny = _patterns.Length == 0 && list == "*";
        _isAnyByName = _patterns.Length == 0 && list == "**";
        _origins = [.. (_patterns.Length == 0 ? list ?? "" : "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>Whether the answer depends on who asks.</summary>
    public bool Varies => !_isAny;

    /// <summary>What a request from <paramref name="origin"/> (empty = it names none) is told; false when it is not let in.</summary>
    public bool TryGet(ReadOnlySpan<byte> origin, out ReadOnlySpan<byte> allowed)
    {
        allowed = origin.IsEmpty || _isAny ? "*"u8 : origin;
        return _isAny || _isAnyByName || (!origin.IsEmpty && Has(origin));
    }

    private bool Has(ReadOnlySpan<byte> origin)
    {
        foreach (byte[] allowed in _origins)
        {
            if (origin.SequenceEqual(allowed))
                return true;
        }

        foreach (BytePattern pattern in _patterns)
        {
            if (pattern.Find(origin) == Found.Yes)
                return true;
        }

        return false;
    }
}
