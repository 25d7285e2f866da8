using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Headgate.Store.Documents;

/// <summary>
/// Reads YAML over the parser's events, so that nesting is bounded (a body of brackets must not end the process) and every problem has its line. Aliases and merge keys
/// (<c>&lt;&lt;</c>) are resolved; of a key that is written twice the last value counts, as in APISIX, and it is reported.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>As deep as JSON may be nested that is posted.</summary>
    private const int DepthMax = 64;

    private const string MergeKey = "<<";
    private readonly Dictionary<string, YamlValue> _anchors = new(StringComparer.Ordinal);
    private readonly Parser _parser;
    private readonly List<string> _problems;

    private YamlReader(string text, List<string> problems) => (_parser, _problems) = (new Parser(new StringReader(text)), problems);

    /// <summary>The one document of <paramref name="text"/>; null when there is nothing in it.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="problems">Takes what counts otherwise than it looks.</param>
    /// <exception cref="DocumentException">It is not valid YAML, is nested too deep, or has more than one document.</exception>
    public static YamlValue? Read(string text, List<string> problems)
    {
        try
        {
            return new YamlReader(text, problems).ReadDocument();
        }
        catch (YamlException e)
        {
            string reason = e.InnerException?.Message ?? e.Message;
            throw new DocumentException($"not valid YAML: {reason.TrimEnd('.')}", e.Start.Line);
        }
    }

    private YamlValue? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
            return null;
        YamlValue value = ReadValue(0);
        _parser.Consume<DocumentEnd>();
        return _parser.TryConsume<DocumentStart>(out DocumentStart? second) ? throw new DocumentException("a second document begins here; a configuration is one document", second.Start.Line) : value;
    }

    private YamlValue ReadValue(int depth)
    {
        ParsingEvent current = _parser.Consume<ParsingEvent>();
        if (depth > DepthMax)
            throw new YamlException(current.Start, current.End, $"nested deeper than {DepthMax} levels");
        YamlValue value = current switch
        {
            Scalar scalar => new YamlValue.Text(scalar.Start.Line, scalar.Value, scalar.Style == ScalarStyle.Plain, scalar.Tag.IsEmpty ? "" : scalar.Tag.Value),
            SequenceStart start => ReadList(start, depth),
            MappingStart start => ReadMap(start, depth),
            AnchorAlias alias when _anchors.TryGetValue(alias.Value.Value, out YamlValue? target) => target,
            AnchorAlias alias => throw new YamlException(alias.Start, alias.End, $"alias *{alias.Value} names nothing above it"),
            _ => throw new YamlException(current.Start, current.End, "a value is missing"),
        };
        if (current is NodeEvent { Anchor.IsEmpty: false } anchored)
            _anchors[anchored.Anchor.Value] = value;
        return value;
    }

    private YamlValue.List ReadList(SequenceStart start, int depth)
    {
        List<YamlValue> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadValue(depth + 1));
        return new YamlValue.List(start.Start.Line, items);
    }

    private YamlValue.Map ReadMap(MappingStart start, int depth)
    {
        var entries = new OrderedDictionary<string, YamlValue>(StringComparer.Ordinal);
        List<YamlValue> merged = [];
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out Scalar? key))
                throw new YamlException(_parser.Current!.Start, _parser.Current.End, "a key must be plain text");
            YamlValue value = ReadValue(depth + 1);
            if (key is { Value: MergeKey, Style: ScalarStyle.Plain })
            {
                merged.Add(value);
                continue;
            }

            if (!entries.TryAdd(key.Value, value))
            {
                entries[key.Value] = value;
                _problems.Add($"line {key.Start.Line}: {key.Value} is written twice in one mapping; this one counts");
            }
        }

        foreach (YamlValue source in merged)
            Merge(source, entries);
        return new YamlValue.Map(start.Start.Line, entries);
    }

    /// <summary>What stands in the mapping itself goes first, then the earlier of several sources.</summary>
    private static void Merge(YamlValue source, OrderedDictionary<string, YamlValue> entries)
    {
        foreach (YamlValue each in source is YamlValue.List list ? list.Items : [source])
        {
            if (each is not YamlValue.Map map)
                throw new DocumentException($"{MergeKey} takes a mapping, or a list of mappings", each.Line);
            foreach ((string key, YamlValue value) in map.Entries)
                entries.TryAdd(key, value);
        }
    }
}
