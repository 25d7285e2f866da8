using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Headgate.Settings.Source;

/// <summary>
/// Reads YAML into <see cref="SettingNode"/>s over the parser's events, so that every value knows its line and a key written twice is
/// reported beside all other problems instead of ending the reading.
/// </summary>
internal sealed class YamlSource
{
    private const string TextTag = "tag:yaml.org,2002:str";
    private const int SettingsDepthMax = 32;
    private readonly Func<long, SettingOrigin> _origin;
    private readonly SettingProblems _problems;
    private readonly Dictionary<string, SettingNode> _anchors = [];
    private readonly Parser _parser;
    private readonly int _depthMax;

    private YamlSource(string text, Func<long, SettingOrigin> origin, SettingProblems problems, int depthMax)
    {
        _depthMax = depthMax;
        _origin = origin;
        _problems = problems;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The one document of <paramref name="text"/>; null when it is empty or not YAML (then reported).</summary>
    /// <param name="text">YAML.</param>
    /// <param name="origin">Makes the origin of a line, from 1.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="depthMax">Levels that it may have.</param>
    public static SettingNode? Read(string text, Func<long, SettingOrigin> origin, SettingProblems problems, int depthMax = SettingsDepthMax)
    {
        try
        {
            return new YamlSource(text, origin, problems, depthMax).ReadDocument();
        }
        catch (YamlException e)
        {
            string reason = e.InnerException?.Message ?? e.Message;
            problems.Error(origin(e.Start.Line), "", $"not valid YAML: {reason.TrimEnd('.')}");
            return null;
        }
    }

    private SettingNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
            return null;
        SettingNode node = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out DocumentStart? second))
            _problems.Error(_origin(second.Start.Line), "", "a second document begins here; a configuration is one document");
        return node;
    }

    private SettingNode ReadNode(int depth)
    {
        ParsingEvent current = _parser.Consume<ParsingEvent>();
        if (depth > _depthMax)
            throw new YamlException(current.Start, current.End, $"nested deeper than {_depthMax} levels");
        SettingNode node = current switch
        {
            // !!str 9 is text, though it has no quotes.
            Scalar scalar => new SettingNode.Scalar(_origin(scalar.Start.Line), scalar.Value, scalar.Style == ScalarStyle.Plain && (scalar.Tag.IsEmpty || scalar.Tag.Value != TextTag)),
            SequenceStart start => ReadList(start, depth),
            MappingStart start => ReadMap(start, depth),
            AnchorAlias alias when _anchors.TryGetValue(alias.Value.Value, out SettingNode? target) => target,
            AnchorAlias alias => throw new YamlException(alias.Start, alias.End, $"alias *{alias.Value} names nothing above it"),
            _ => throw new YamlException(current.Start, current.End, "a value is missing"),
        };
        if (current is NodeEvent { Anchor.IsEmpty: false } anchored && current is not AnchorAlias)
            _anchors[anchored.Anchor.Value] = node;
        return node;
    }

    private SettingNode.List ReadList(SequenceStart start, int depth)
    {
        var items = new List<SettingNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadNode(depth + 1));
        return new SettingNode.List(_origin(start.Start.Line), items);
    }

    private SettingNode.Map ReadMap(MappingStart start, int depth)
    {
        var entries = new List<SettingEntry>();
        var lines = new Dictionary<string, long>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out Scalar? key))
                throw new YamlException(_parser.Current!.Start, _parser.Current.End, "a key must be plain text");
            SettingNode value = ReadNode(depth + 1);
            if (lines.TryAdd(key.Value, key.Start.Line))
                entries.Add(new SettingEntry(key.Value, _origin(key.Start.Line), value));
            else
                _problems.Error(_origin(key.Start.Line), key.Value, $"written twice; the first is on line {lines[key.Value]}");
        }

        return new SettingNode.Map(_origin(start.Start.Line), entries);
    }
}
