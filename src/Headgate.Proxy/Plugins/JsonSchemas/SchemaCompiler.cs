using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary>Compiles one schema, and the schemas in it. What a keyword has in other drafts, and what nobody knows, is warned about: it demands nothing.</summary>
internal sealed class SchemaCompiler(JsonElement root, Location at, Findings findings, bool lowersNames)
{
    // Of every draft, and without meaning for what fits.
    private static readonly HashSet<string> Annotations =
        ["$schema", "$id", "id", "$comment", "title", "description", "examples", "example", "definitions", "$defs", "readOnly", "writeOnly", "deprecated", "contentEncoding", "contentMediaType"];

    private readonly Dictionary<string, SchemaNode> _referenced = [];
    private readonly List<SchemaNode> _nodes = [];
    private int _errors;

    /// <summary>The schema; null when something in it is wrong, which is reported.</summary>
    public SchemaNode? Compile()
    {
        _referenced["#"] = NewNode();
        Fill(_referenced["#"], root, at, lowersNames);
        if (_errors == 0 && LeadsBack())
            Wrong(at, "a $ref leads back to its own schema without a value between");
        return _errors == 0 ? _referenced["#"] : null;
    }

    /// <summary>A schema inside; it may be true or false. <paramref name="lowers"/>: it is about the same value as the outermost.</summary>
    public SchemaNode Sub(JsonElement schema, Location place, bool lowers = false)
    {
        if (schema.ValueKind == JsonValueKind.False)
            return new SchemaNode { IsNever = true };
        SchemaNode node = NewNode();
        Fill(node, schema, place, lowers);
        return node;
    }

    /// <summary>The list of schemas of a keyword, which has at least one.</summary>
    public SchemaNode[] Subs(JsonElement list, Location place, bool lowers)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            Wrong(place, "expected a list of schemas, at least one");
            return [];
        }

        return [.. list.EnumerateArray().Select((item, index) => Sub(item, place.Item(index), lowers))];
    }

    /// <summary>Compiles a pattern; null, and reported, when it is none.</summary>
    public BytePattern? Pattern(string pattern, Location place)
    {
        BytePattern? compiled = BytePattern.Create(pattern, ignoreCase: false, out string? error);
        if (compiled is null)
            Wrong(place, $"no regular expression: {error}");
        return compiled;
    }

    /// <summary>The schema is wrong.</summary>
    public void Wrong(Location place, string problem)
    {
        _errors++;
        findings.Schema(place, problem);
    }

    private SchemaNode NewNode()
    {
        var node = new SchemaNode();
        _nodes.Add(node);
        return node;
    }

    private void Fill(SchemaNode node, JsonElement schema, Location place, bool lowers)
    {
        if (schema.ValueKind == JsonValueKind.True || (schema.ValueKind == JsonValueKind.Array && schema.GetArrayLength() == 0))
            return;
        if (schema.ValueKind != JsonValueKind.Object)
        {
            Wrong(place, "expected a schema: an object, true or false");
            return;
        }

        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            if (Resolve(reference, place.Property("$ref"), lowers) is { } target)
                node.Complete([new ReferenceRule(target)]); // what stands beside it counts for nothing up to draft 7
            return;
        }

        var reader = new SchemaReader(this, schema, place, lowers);
        node.Complete([.. reader.ReadRules()]);
        foreach (JsonProperty member in schema.EnumerateObject())
        {
            if (!Annotations.Contains(member.Name) && !reader.Known.Contains(member.Name))
                Warn(place.Property(member.Name));
        }
    }

    private void Warn(Location place) => findings.Warn(place, $"{place.Path} demands nothing: it is not known here, or has no effect");

    private SchemaNode? Resolve(JsonElement reference, Location place, bool lowers)
    {
        string text = reference.ValueKind == JsonValueKind.String ? reference.GetString()! : "";
        if (text.StartsWith('#') && _referenced.TryGetValue(text, out SchemaNode? known))
            return known;
        JsonElement target = root;
        bool isFound = text == "#" || text.StartsWith("#/", StringComparison.Ordinal);
        foreach (string part in isFound ? text[1..].Split('/').Skip(1) : [])
        {
            string name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            isFound &= target.ValueKind == JsonValueKind.Object ? target.TryGetProperty(name, out target)
                : target.ValueKind == JsonValueKind.Array && int.TryParse(name, out int index) && index >= 0 && index < target.GetArrayLength() && IsAt(ref target, index);
            if (!isFound)
                break;
        }

        if (!isFound)
        {
            Wrong(place, $"{LuaText.Quote(text)} is not there; allowed: # and #/... of this schema");
            return null;
        }

        SchemaNode node = target.ValueKind == JsonValueKind.False ? new SchemaNode { IsNever = true } : NewNode();
        _referenced[text] = node; // before it is read: it may refer to itself
        if (!node.IsNever)
            Fill(node, target, place, lowers);
        return node;
    }

    private static bool IsAt(ref JsonElement list, int index)
    {
        list = list[index];
        return true;
    }

    /// <summary>Whether a value could be handed from schema to schema for ever.</summary>
    private bool LeadsBack()
    {
        var done = new HashSet<SchemaNode>();
        var under = new HashSet<SchemaNode>();
        return _nodes.Any(Leads);

        bool Leads(SchemaNode node)
        {
            if (under.Contains(node))
                return true;
            if (!done.Add(node))
                return false;
            under.Add(node);
            bool leads = node.InPlace.Any(Leads);
            under.Remove(node);
            return leads;
        }
    }
}
