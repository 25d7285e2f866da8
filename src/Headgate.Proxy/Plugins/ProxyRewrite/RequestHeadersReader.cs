using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.ProxyRewrite;

/// <summary>Reads <c>headers</c> in its two forms: <c>add</c>, <c>set</c> and <c>remove</c>, or, as it was once, an object of fields to set.</summary>
internal static class RequestHeadersReader
{
    private const int FieldsMax = 64;

    /// <summary><paramref name="config"/> with the fields.</summary>
    public static ProxyRewriteConfig Read(ObjectReader reader, ProxyRewriteConfig config)
    {
        if (!reader.TryGet("headers", out JsonElement value))
            return config;
        Location at = reader.At.Property("headers");
        if (ObjectReader.Open(value, at, reader.Findings) is not { } headers)
            return config;
        if (value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() == 0)
        {
            reader.Findings.Schema(at, "object matches none of the required");
            return config;
        }

        if (!IsNewForm(value))
            return Limited(config with { Set = ReadFields(value, at, reader.Findings, takesLists: false) }, at, reader.Findings);
        config = config with
        {
            Add = headers.TryGet("add", out JsonElement add) ? ReadFields(add, at.Property("add"), reader.Findings, takesLists: true) : [],
            Set = headers.TryGet("set", out JsonElement set) ? ReadFields(set, at.Property("set"), reader.Findings, takesLists: true) : [],
            Remove = new EquatableArray<string>(headers.Items<string>("remove", 1, unique: false, ReadName) ?? []),
        };
        headers.ForbidOthers();
        return Limited(config, at, reader.Findings);
    }

    private static bool IsNewForm(JsonElement headers) => headers.EnumerateObject().Any(
        static member => member.Name is "add" or "set" or "remove" && member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array);

    private static ProxyRewriteConfig Limited(ProxyRewriteConfig config, Location at, Findings findings)
    {
        int count = config.Add.Count + config.Set.Count + config.Remove.Count;
        if (count > FieldsMax)
            findings.Add(Phase.Own, at, $"{at.Path} names {count} fields; {FieldsMax} are allowed");
        return config;
    }

    /// <summary>The members of <paramref name="fields"/>, at least one; with <paramref name="takesLists"/> several values of one name may stand in a list.</summary>
    public static EquatableArray<HeaderTemplate> ReadFields(JsonElement fields, Location at, Findings findings, bool takesLists)
    {
        if (ObjectReader.Open(fields, at, findings) is null)
            return [];
        ImmutableArray<HeaderTemplate>.Builder read = ImmutableArray.CreateBuilder<HeaderTemplate>();
        foreach (JsonProperty field in fields.ValueKind == JsonValueKind.Object ? fields.EnumerateObject() : default)
        {
            Location place = at.Key(field.Name);
            CheckName(field.Name, place, findings);
            if (takesLists && field.Value.ValueKind == JsonValueKind.Array && field.Value.GetArrayLength() > 0)
            {
                foreach (JsonElement item in field.Value.EnumerateArray())
                    ReadValue(field.Name, item, place, findings, read);
            }
            else
            {
                ReadValue(field.Name, field.Value, place, findings, read);
            }
        }

        if (read.Count == 0)
            findings.Schema(at, "expect object to have at least 1 properties");
        return new EquatableArray<HeaderTemplate>(read.DrainToImmutable());
    }

    private static void ReadValue(string name, JsonElement value, Location at, Findings findings, ImmutableArray<HeaderTemplate>.Builder into)
    {
        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
        {
            JsonValues.WrongType("string or number", value, at, findings);
            return;
        }

        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        if (!HeaderTexts.IsValue(text))
            findings.Add(Phase.Own, at, $"{at.Path}: the value has a control character or white space around it, which a header field cannot have");
        foreach (string variable in TemplateParser.ValueWithGroups(text).UnknownVariables.Distinct())
            findings.Warn(at, $"{at.Path}: ${variable} is not known here and stays empty");
        into.Add(new HeaderTemplate(name, text));
    }

    /// <summary>A list item that names a field of requests.</summary>
    public static bool ReadName(JsonElement value, Location at, Findings findings, out string name)
    {
        name = JsonValues.Text(value, at, findings) ?? "";
        CheckName(name, at, findings);
        return name.Length > 0;
    }

    private static void CheckName(string name, Location at, Findings findings)
    {
        if (name.Length > 256 || !HeaderTexts.IsToken(name))
            findings.Add(Phase.Own, at, $"{at.Path}: invalid field character in header; allowed: 1 to 256 letters, digits and !#$%&'*+-.^_`|~");
        else if (HeaderTexts.IsGateways(name) || RequestEdits.IsGateways(Encoding.ASCII.GetBytes(name)))
            findings.Add(Phase.Own, at, $"{at.Path}: {name} is written by the gateway itself, from the request and the connection, and cannot be changed here (Host: use host)");
    }
}
