using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Headgate.CommandLine.Configuration.Files;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Headgate.CommandLine.Configuration.Documents;

/// <summary>Writes JSON as YAML for people: blocks, a text of several lines as lines, quotes only where they are needed. What is written reads back the same.</summary>
internal static partial class YamlWriter
{
    private static readonly EmitterSettings Layout = new(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024);

    /// <summary>Writes a value.</summary>
    public static void Write(TextWriter output, JsonNode? value)
    {
        var emitter = new Emitter(output, Layout);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Write(emitter, value);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
    }

    private static void Write(Emitter emitter, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject map:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, map.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach ((string name, JsonNode? member) in map)
                {
                    Write(emitter, name, mayBreak: false);
                    Write(emitter, member);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, list.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (JsonNode? item in list)
                    Write(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue text when text.GetValueKind() == JsonValueKind.String:
                Write(emitter, text.ToString(), mayBreak: true);
                break;
            default:
                emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, value?.ToJsonString() ?? "null", ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false));
                break;
        }
    }

    private static void Write(Emitter emitter, string text, bool mayBreak)
    {
        ScalarStyle style = Plain().IsMatch(text) && !YamlScalar.MeansMore(text) ? ScalarStyle.Plain
            : mayBreak && Lines().IsMatch(text) ? ScalarStyle.Literal
            : ScalarStyle.DoubleQuoted;
        emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: style == ScalarStyle.Plain, isQuotedImplicit: true));
    }

    /// <summary>Texts that need no quotes wherever they stand: words, or signs without blanks. Narrower than YAML, and than what parsers make of it.</summary>
    [GeneratedRegex(@"^(?:[A-Za-z0-9_/$(+][A-Za-z0-9_./$()+*=@%~^;-]*(?::[A-Za-z0-9_./$()+*=@%~^;-]+)*|[A-Za-z0-9_]+(?: [A-Za-z0-9_]+)*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();

    /// <summary>Several lines of what can be seen, of which the first begins with no blank and none ends with one.</summary>
    [GeneratedRegex(@"^[!-~](?:[ -~]*[!-~])?(?:\n+[ -~]*[!-~])+\n?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Lines();
}
