namespace Headgate.Proxy.Plugins.Texts;

/// <summary>What the groups of a pattern have caught of a text; the default value has caught nothing.</summary>
internal readonly ref struct Captures(ReadOnlySpan<byte> text, ReadOnlySpan<(int Start, int Length)> groups)
{
    /// <summary>Groups of a match that are kept at most, the whole match included.</summary>
    public const int Max = 100;

    private readonly ReadOnlySpan<byte> _text = text;
    private readonly ReadOnlySpan<(int Start, int Length)> _groups = groups;

    /// <summary>What a group has caught, 0 = the whole match; empty when there is no such group or it took no part.</summary>
    public ReadOnlySpan<byte> this[int group] => group < _groups.Length ? _text.Slice(_groups[group].Start, _groups[group].Length) : default;
}
