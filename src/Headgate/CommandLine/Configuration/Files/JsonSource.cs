using System.Text;
using System.Text.Json;
using Headgate.Settings;
using Headgate.Settings.Source;

namespace Headgate.CommandLine.Configuration.Files;

/// <summary>Reads JSON into <see cref="SettingNode"/>s, so that every value knows its line, as <see cref="YamlSource"/> does for YAML.</summary>
internal ref struct JsonSource
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = NodeJson.DepthMax };

    private readonly ReadOnlySpan<byte> _text;
    private readonly Func<long, SettingOrigin> _origin;
    private readonly SettingProblems _problems;
    private Utf8JsonReader _reader;
    private long _line = 1;
    private int _counted;

    private JsonSource(ReadOnlySpan<byte> text, Func<long, SettingOrigin> origin, SettingProblems problems)
    {
        _text = text;
        _origin = origin;
        _problems = problems;
        _reader = new Utf8JsonReader(text, Options);
    }

    /// <summary>The value of <paramref name="text"/>; null when it is no JSON (then reported).</summary>
    /// <param name="text">JSON.</param>
    /// <param name="origin">Makes the origin of a line, from 1.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static SettingNode? Read(string text, Func<long, SettingOrigin> origin, SettingProblems problems)
    {
        try
        {
            var source = new JsonSource(Encoding.UTF8.GetBytes(text), origin, problems);
            source._reader.Read();
            SettingNode node = source.ReadValue();
            source._reader.Read(); // nothing may follow
            return node;
        }
        catch (JsonException e)
        {
            // What follows the first sentence is the place, and advice for programmers.
            problems.Error(origin((e.LineNumber ?? 0) + 1), "", $"not valid JSON: {e.Message.Split(". ")[0].TrimEnd('.')}");
            return null;
        }
        catch (InvalidOperationException)
        {
            problems.Error(origin(1), "", "not valid JSON: a text holds half of a surrogate pair");
            return null;
        }
    }

    private SettingNode ReadValue()
    {
        SettingOrigin origin = Here();
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(origin),
            JsonTokenType.StartArray => ReadArray(origin),
            JsonTokenType.String => new SettingNode.Scalar(origin, _reader.GetString()!, Plain: false),
            _ => new SettingNode.Scalar(origin, Encoding.ASCII.GetString(_reader.ValueSpan), Plain: true),
        };
    }

    private SettingNode.List ReadArray(SettingOrigin origin)
    {
        var items = new List<SettingNode>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            items.Add(ReadValue());
        return new SettingNode.List(origin, items);
    }

    private SettingNode.Map ReadObject(SettingOrigin origin)
    {
        var entries = new List<SettingEntry>();
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            string name = _reader.GetString()!;
            SettingOrigin at = Here();
            _reader.Read();
            SettingNode value = ReadValue();
            if (lines.TryAdd(name, at.Line))
                entries.Add(new SettingEntry(name, at, value));
            else
                _problems.Error(at, name, $"written twice; the first is on line {lines[name]}");
        }

        return new SettingNode.Map(origin, entries);
    }

    /// <summary>Where the token begins.</summary>
    private SettingOrigin Here()
    {
        int start = (int)_reader.TokenStartIndex;
        _line += _text[_counted..start].Count((byte)'\n');
        _counted = start;
        return _origin(_line);
    }
}
