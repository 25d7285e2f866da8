using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Headgate.Store.Documents;

/// <summary>Turns JSON into YAML that <see cref="YamlJson"/> makes the same JSON of. No state, thread-safe.</summary>
public static partial class JsonYaml
{
    /// <summary>The YAML of a value, one document without marks.</summary>
    public static string Write(JsonElement value)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings().WithBestWidth(int.MaxValue)); // folding would only make texts harder to compare
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, [], isImplicit: true));
        Write(emitter, value);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Write(Emitter emitter, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, value.EnumerateObject().Any() ? MappingStyle.Block : MappingStyle.Flow));
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    WriteText(emitter, member.Name, isKey: true);
                    Write(emitter, member.Value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonValueKind.Array:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, value.GetArrayLength() > 0 ? SequenceStyle.Block : SequenceStyle.Flow));
                foreach (JsonElement item in value.EnumerateArray())
                    Write(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case JsonValueKind.String:
                WriteText(emitter, value.GetString()!);
                break;
            default:
                emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, value.GetRawText(), ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false));
                break;
        }
    }

    /// <summary>Without quotes only what no reader of any version takes for something else; lines as lines, so that a certificate can be read.</summary>
    private static void WriteText(Emitter emitter, string text, bool isKey = false)
    {
        // Words of YAML 1.1 are truth values for other readers.
        bool isWord = Word().IsMatch(text) && !YamlScalars.NeedsQuotes(text) && text.ToLowerInvariant() is not ("yes" or "no" or "on" or "off" or "y" or "n");
        ScalarStyle style = isWord ? ScalarStyle.Plain : !isKey && Lines().IsMatch(text) ? ScalarStyle.Literal : ScalarStyle.DoubleQuoted;
        emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true));
    }

    [GeneratedRegex(@"^[A-Za-z0-9_/$](?:[A-Za-z0-9_./$*-]|:(?=[A-Za-z0-9_/]))*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"^(?:[!-~](?:[ -~]*[!-~])?\n){2,}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Lines();
}
