using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.Mocking;

/// <summary>Reads the part of a JSON schema that answers are made up from: <c>type</c>, <c>properties</c>, <c>items</c>, <c>example</c>. All else is passed over, as in APISIX.</summary>
internal static class MockSchemaReader
{
    private const int DepthMax = 32;

    /// <summary>The value that <paramref name="schema"/> describes. The outermost is an object whatever it says.</summary>
    public static MockValue Read(JsonElement schema, Location at, Findings findings) => new(null, MockType.Object, null, Members(schema, at, findings, 0));

    private static MockValue Value(string? name, JsonElement schema, Location at, Findings findings, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out JsonElement type) || type.ValueKind != JsonValueKind.String || depth > DepthMax)
        {
            findings.Add(Phase.Own, at, string.Create(CultureInfo.InvariantCulture, $"{at.Path}: no value can be made up; needed: an object with type, a text, at most {DepthMax} levels deep"));
            return new MockValue(name, MockType.None, null, []);
        }

        MockType kind = Enum.TryParse(type.GetString(), ignoreCase: true, out MockType read) && Enum.IsDefined(read) && !char.IsAsciiDigit(type.GetString()![0]) ? read : MockType.None;
        bool hasExample = schema.TryGetProperty("example", out JsonElement example);
        string? given = (kind, hasExample ? example.ValueKind : JsonValueKind.Undefined) switch
        {
            (MockType.String, JsonValueKind.String) => example.GetString(),
            (MockType.Number, JsonValueKind.Number) => example.GetRawText(),
            (MockType.Integer, JsonValueKind.Number) => Math.Floor(example.GetDouble()).ToString(CultureInfo.InvariantCulture),
            (MockType.Boolean, JsonValueKind.True) => "true",
            _ => null, // false as well: APISIX takes it for none
        };
        EquatableArray<MockValue> parts = kind switch
        {
            MockType.Object => Members(schema, at, findings, depth),
            MockType.Array when schema.TryGetProperty("items", out JsonElement items) => [Value(name, items, at.Property("items"), findings, depth + 1)],
            _ => [],
        };
        return new MockValue(name, kind == MockType.Array && parts.Count == 0 ? MockType.None : kind, given, parts);
    }

    private static EquatableArray<MockValue> Members(JsonElement schema, Location at, Findings findings, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out JsonElement properties) || properties.ValueKind != JsonValueKind.Object)
            return [];
        Location place = at.Property("properties");
        ImmutableArray<MockValue>.Builder members = ImmutableArray.CreateBuilder<MockValue>();
        foreach (JsonProperty member in properties.EnumerateObject())
            members.Add(Value(member.Name, member.Value, place.Key(member.Name), findings, depth + 1));
        return new EquatableArray<MockValue>(members.ToImmutable());
    }
}
