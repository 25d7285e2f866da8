using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary>Reads what a schema demands of objects' members.</summary>
internal sealed class MembersReader(SchemaCompiler compiler, SchemaReader schema, Location at, bool lowers)
{
    private readonly List<MemberSchema> _members = [];

    /// <summary>The rule; null = none.</summary>
    public MembersRule? Read()
    {
        ReadProperties();
        ReadRequired();
        ReadDependencies();
        (string, BytePattern, SchemaNode)[] patterns = [.. ReadPatterns()];
        var rule = new MembersRule([.. _members])
        {
            Patterns = patterns,
            Others = schema.Sub("additionalProperties"),
            Names = schema.Sub("propertyNames"),
            Min = schema.Count("minProperties") ?? 0,
            Max = schema.Count("maxProperties") ?? int.MaxValue,
        };
        return _members.Count + patterns.Length == 0 && rule is { Others: null, Names: null, Min: 0, Max: int.MaxValue } ? null : rule;
    }

    private void ReadProperties()
    {
        foreach (JsonProperty property in Members("properties", out Location place))
        {
            int member = PlaceOf(property.Name);
            _members[member] = _members[member] with { Schema = compiler.Sub(property.Value, place.Property(property.Name)) };
        }
    }

    private void ReadRequired()
    {
        if (!schema.TryGet("required", out JsonElement names))
            return;
        if (!AreNames(names))
        {
            compiler.Wrong(at.Property("required"), "expected a list of names");
            return;
        }

        foreach (JsonElement name in names.EnumerateArray())
        {
            int member = PlaceOf(name.GetString()!);
            _members[member] = _members[member] with { IsRequired = true };
        }
    }

    private void ReadDependencies()
    {
        foreach (JsonProperty dependency in Members("dependencies", out Location place))
        {
            int member = PlaceOf(dependency.Name);
            if (AreNames(dependency.Value))
                _members[member] = _members[member] with { Needs = [.. dependency.Value.EnumerateArray().Select(name => PlaceOf(name.GetString()!))] };
            else
                _members[member] = _members[member] with { DependentSchema = compiler.Sub(dependency.Value, place.Property(dependency.Name), lowers) };
        }
    }

    private IEnumerable<(string, BytePattern, SchemaNode)> ReadPatterns()
    {
        foreach (JsonProperty property in Members("patternProperties", out Location place))
        {
            Location here = place.Property(property.Name);
            if (compiler.Pattern(property.Name, here) is { } pattern)
                yield return (property.Name, pattern, compiler.Sub(property.Value, here));
        }
    }

    private static bool AreNames(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static name => name.ValueKind == JsonValueKind.String);

    private JsonElement.ObjectEnumerator Members(string keyword, out Location place)
    {
        place = at.Property(keyword);
        if (!schema.TryGet(keyword, out JsonElement value) || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0))
            return default;
        if (value.ValueKind == JsonValueKind.Object)
            return value.EnumerateObject();
        compiler.Wrong(place, "expected an object");
        return default;
    }

    private int PlaceOf(string name)
    {
        if (lowers)
            name = name.ToLowerInvariant();
        int place = _members.FindIndex(member => member.Name == name);
        if (place >= 0)
            return place;
        _members.Add(new MemberSchema(name, null, IsRequired: false, [], null));
        return _members.Count - 1;
    }
}
