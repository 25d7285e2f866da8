using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.AnswerFields;

/// <summary>Reads the header fields that plugins give to answers.</summary>
internal static partial class AnswerFieldReader
{
    private const string LinePattern = "^[^:]+:[^:]*[^/]$";

    /// <summary>An object of names and values, at least one where it is there. <paramref name="hasVariables"/>: values are templates.</summary>
    public static EquatableArray<HeaderTemplate> Object(ObjectReader reader, string name, bool hasVariables) =>
        reader.TryGet(name, out JsonElement value) ? Object(value, reader.At.Property(name), reader.Findings, hasVariables) : [];

    /// <summary>As the other <c>Object</c>, of a value that was read.</summary>
    public static EquatableArray<HeaderTemplate> Object(JsonElement fields, Location at, Findings findings, bool hasVariables)
    {
        if (ObjectReader.Open(fields, at, findings) is null)
            return [];
        ImmutableArray<HeaderTemplate>.Builder read = ImmutableArray.CreateBuilder<HeaderTemplate>();
        foreach (JsonProperty field in fields.ValueKind == JsonValueKind.Object ? fields.EnumerateObject() : default)
        {
            Location place = at.Key(field.Name);
            if (field.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
            {
                JsonValues.WrongType("string or number", field.Value, place, findings);
                continue;
            }

            string value = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString()! : field.Value.GetRawText();
            read.Add(Checked(new HeaderTemplate(field.Name, value), place, findings, hasVariables));
        }

        if (fields.ValueKind != JsonValueKind.Object || fields.GetPropertyCount() == 0)
            findings.Schema(at, "expect object to have at least 1 properties");
        return new EquatableArray<HeaderTemplate>(read.ToImmutable());
    }

    /// <summary>A list item of the form <c>Name: value</c>, a template.</summary>
    public static bool Line(JsonElement value, Location at, Findings findings, out HeaderTemplate field)
    {
        field = null!;
        if (JsonValues.Text(value, at, findings) is not { } text)
            return false;
        if (!LineForm().IsMatch(text))
        {
            JsonValues.MatchesNot(LinePattern, text, at, findings);
            return false;
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        field = Checked(new HeaderTemplate(text[..colon].TrimEnd(), text[(colon + 1)..].Trim()), at, findings, hasVariables: true);
        return true;
    }

    /// <summary>A list item that names a field.</summary>
    public static bool Name(JsonElement value, Location at, Findings findings, out string name)
    {
        name = JsonValues.Text(value, at, findings) ?? "";
        CheckName(name, at, findings);
        return name.Length > 0;
    }

    private static HeaderTemplate Checked(HeaderTemplate field, Location at, Findings findings, bool hasVariables)
    {
        CheckName(field.Name, at, findings);
        if (!HeaderTexts.IsValue(field.Value))
            findings.Add(Phase.Own, at, $"{at.Path}: the value has a control character or white space around it, which a header field cannot have");
        foreach (string variable in hasVariables ? TemplateParser.Value(field.Value).UnknownVariables.Distinct() : [])
            findings.Warn(at, $"{at.Path}: ${variable} is not known here and stays empty");
        return field;
    }

    private static void CheckName(string name, Location at, Findings findings)
    {
        if (name.Length > 256 || !HeaderTexts.IsToken(name))
            findings.Add(Phase.Own, at, $"{at.Path}: invalid field character in header; allowed: 1 to 256 letters, digits and !#$%&'*+-.^_`|~");
        else if (ResponseEdits.IsGateways(Encoding.ASCII.GetBytes(name)))
            findings.Add(Phase.Own, at, $"{at.Path}: {name} is written by the gateway itself, from the answer and the connection, and cannot be changed here");
    }

    [GeneratedRegex(@"\A[^:]+:[^:]*[^/]\z")]
    private static partial Regex LineForm();
}
