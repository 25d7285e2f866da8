using System.Text.Json.Nodes;
using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

/// <summary>A document that tries one rule of a schema at one place.</summary>
/// <param name="Name">What is tried, where.</param>
/// <param name="Document">A valid object but for the tried place.</param>
/// <param name="Path">The tried place, as the parser names it.</param>
/// <param name="Accepted">Whether the schema accepts it there.</param>
internal sealed record SchemaProbe(string Name, JsonObject Document, string Path, bool Accepted)
{
    /// <summary>The smallest valid object of a kind.</summary>
    public static JsonObject Base(ResourceKind kind) => JsonNode.Parse(kind switch
    {
        ResourceKind.Upstream => """{"nodes":[{"host":"a","weight":1}]}""",
        ResourceKind.Route => """{"uri":"/a","upstream_id":"1"}""",
        ResourceKind.Service => "{}",
        ResourceKind.Consumer => """{"username":"jack"}""",
        ResourceKind.Proto => """{"content":"syntax"}""",
        _ => """{"plugins":{}}""",
    })!.AsObject();

    /// <summary>Every member name anywhere in a schema.</summary>
    public static IEnumerable<string> AllNames(JsonNode? schema)
    {
        if (schema is not JsonObject rule)
            return schema is JsonArray list ? list.SelectMany(AllNames) : [];

        IEnumerable<string> own = rule["properties"] is JsonObject properties ? properties.Select(property => property.Key) : [];
        return own.Concat(rule.SelectMany(member => AllNames(member.Value)));
    }

    public static IEnumerable<SchemaProbe> All(JsonObject schema, ResourceKind kind, IReadOnlyList<string> names) =>
        OfObject(schema, "", (path, value) => Put(Base(kind), path, value), names);

    /// <summary>Whether a finding is about the tried place, and says what a schema can say.</summary>
    public bool Concerns(ConfigError finding)
    {
        if (finding.Path != Path)
            return false;
        bool schema = finding.Message.StartsWith("invalid configuration: ", StringComparison.Ordinal)
            || finding.Message.Contains("can never match", StringComparison.Ordinal)
            || finding.Message.Contains("is not known here", StringComparison.Ordinal);
        return schema && !finding.Message.Contains("dependent schema", StringComparison.Ordinal)
            && !finding.Message.Contains("only one schema", StringComparison.Ordinal);
    }

    private static IEnumerable<SchemaProbe> OfObject(JsonObject schema, string path, Func<string, JsonNode?, JsonObject> put, IReadOnlyList<string> names)
    {
        JsonObject properties = schema["properties"]!.AsObject();
        bool closed = schema["additionalProperties"] is not null;
        foreach (string name in names)
        {
            // An unknown member is reported at the object when it is refused, at itself when it is only noted. Registries are free in their
            // arguments.
            bool known = properties.ContainsKey(name);
            string member = Join(path, name);
            if (!known && (closed || !path.EndsWith("discovery_args", StringComparison.Ordinal)))
                yield return new($"{member}: unknown", put(member, "x"), closed ? path : member, false);
        }

        foreach (JsonNode? required in schema["required"]?.AsArray() ?? [])
        {
            string name = required!.GetValue<string>();
            JsonObject without = [];
            foreach (string other in properties.Select(property => property.Key).Where(other => other != name))
                without[other] = Sample(properties[other]!.AsObject());
            yield return new($"{Join(path, name)}: absent", put(path, without), path, false);
        }

        foreach ((string name, JsonNode? rule) in properties)
        {
            foreach (SchemaProbe probe in OfValue(rule!.AsObject(), Join(path, name), put, names))
                yield return probe;
        }
    }

    private static IEnumerable<SchemaProbe> OfValue(JsonObject rule, string path, Func<string, JsonNode?, JsonObject> put, IReadOnlyList<string> names)
    {
        foreach (JsonNode? form in path.EndsWith("nodes", StringComparison.Ordinal) ? rule["anyOf"]!.AsArray() : [])
        {
            if (form!["items"] is JsonObject node)
            {
                foreach (SchemaProbe probe in OfObject(node, path + "[0]", (at, value) => put(path, Node(at, path, value)), names))
                    yield return probe;
            }
        }

        string? type = rule["type"]?.GetValue<string>();
        if (type is null)
            yield break;

        yield return new($"{path}: {type} as {(type == "boolean" ? "text" : "flag")}", put(path, type == "boolean" ? "x" : JsonValue.Create(true)), path, false);
        foreach ((JsonNode? value, bool accepted, string what) in Values(rule, type))
            yield return new($"{path}: {what}", put(path, value), path, accepted);

        if (type == "object" && rule["properties"] is not null)
        {
            foreach (SchemaProbe probe in OfObject(rule, path, put, names))
                yield return probe;
        }

        if (rule["items"] is JsonObject items)
        {
            foreach (SchemaProbe probe in OfValue(items, path + "[0]", (at, value) => put(path, new JsonArray(value)), names))
                yield return probe;
        }
    }

    /// <summary>Values at the bounds of a rule, and whether it accepts them.</summary>
    private static IEnumerable<(JsonNode? Value, bool Accepted, string What)> Values(JsonObject rule, string type)
    {
        decimal step = type == "number" ? 0.001m : 1;
        if (rule["minimum"]?.GetValue<decimal>() is { } min)
        {
            yield return (min, true, "minimum");
            yield return (min - step, false, "below minimum");
        }

        if (rule["exclusiveMinimum"]?.GetValue<decimal>() is { } above)
        {
            yield return (above + step, true, "above exclusive minimum");
            yield return (above, false, "exclusive minimum");
        }

        if (rule["maximum"]?.GetValue<decimal>() is { } max)
        {
            yield return (max, true, "maximum");
            yield return (max + step, false, "above maximum");
        }

        if (type == "integer")
            yield return (0.5, false, "half");
        if (rule["minLength"]?.GetValue<int>() is { } shortest)
            yield return (TextOf(rule, shortest - 1), false, "too short");
        if (rule["maxLength"]?.GetValue<int>() is { } longest)
        {
            yield return (TextOf(rule, longest), true, "longest");
            yield return (TextOf(rule, longest + 1), false, "too long");
        }

        foreach (JsonNode? choice in rule["enum"]?.AsArray() ?? [])
            yield return (choice!.DeepClone(), true, $"choice {choice}");
        if (rule["enum"] is not null)
            yield return (type == "integer" ? 77 : "no such choice", false, "no choice");
        if (rule["pattern"] is not null)
            yield return ("a b", false, "against pattern");
        if (rule["default"] is { } standard)
            yield return (standard.DeepClone(), true, "default");
        if (rule["minItems"]?.GetValue<int>() is > 0)
            yield return (new JsonArray(), false, "too few items");
        if (rule["uniqueItems"]?.GetValue<bool>() == true)
        {
            JsonObject items = rule["items"]!.AsObject();
            yield return (new JsonArray(Sample(items)), true, "one item");
            yield return (new JsonArray(Sample(items), Sample(items)), false, "equal items");
        }
    }

    private static JsonNode Sample(JsonObject rule) => rule["type"]?.GetValue<string>() switch
    {
        "string" when rule["enum"] is { } choices => choices[0]!.DeepClone(),
        "string" when rule["anyOf"] is not null => "10.0.0.1",
        "string" => TextOf(rule, Math.Max(1, rule["minLength"]?.GetValue<int>() ?? 1)),
        "integer" => rule["minimum"]?.GetValue<decimal>() ?? 1,
        "number" => 1,
        "array" => new JsonArray(),
        "boolean" => true,
        _ => new JsonObject(),
    };

    private static JsonNode TextOf(JsonObject rule, int length) =>
        rule["pattern"]?.GetValue<string>().StartsWith("^[/", StringComparison.Ordinal) == true && length > 0
            ? "/" + new string('a', length - 1)
            : new string('a', length);

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>A list with one good node, in which <paramref name="at"/> has <paramref name="value"/>.</summary>
    private static JsonArray Node(string at, string nodes, JsonNode? value)
    {
        if (at == nodes + "[0]")
            return [value];

        JsonObject node = JsonNode.Parse("""{"host":"a","weight":1}""")!.AsObject();
        node[at[(nodes.Length + "[0].".Length)..]] = value;
        return [node];
    }

    private static JsonObject Put(JsonObject root, string path, JsonNode? value)
    {
        string[] steps = path.Split('.');
        JsonObject at = root;
        foreach (string step in steps[..^1])
        {
            if (at[step] is not JsonObject)
                at[step] = new JsonObject();
            at = at[step]!.AsObject();
        }

        at[steps[^1]] = value;
        return root;
    }
}
