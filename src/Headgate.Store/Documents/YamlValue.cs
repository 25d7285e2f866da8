namespace Headgate.Store.Documents;

/// <summary>A value of a YAML document.</summary>
/// <param name="Line">Where it begins, from 1.</param>
internal abstract record YamlValue(long Line)
{
    /// <summary>A single value: its text with quotes and escapes resolved, whether it stood without quotes, and its explicit tag, or an empty text.</summary>
    public sealed record Text(long Line, string Content, bool Plain, string Tag) : YamlValue(Line);

    /// <summary>A list.</summary>
    public sealed record List(long Line, IReadOnlyList<YamlValue> Items) : YamlValue(Line);

    /// <summary>A mapping, each key once, in the order in which the keys were first written.</summary>
    public sealed record Map(long Line, OrderedDictionary<string, YamlValue> Entries) : YamlValue(Line);
}
