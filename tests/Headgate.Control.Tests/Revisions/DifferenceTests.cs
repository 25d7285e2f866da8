using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Headgate.Control.Revisions.Differences;

namespace Headgate.Control.Tests.Revisions;

/// <summary>The difference of two objects says everything, and nothing twice: applied to the one it makes the other.</summary>
public sealed class DifferenceTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1.0}""", "")]
    [InlineData("""{"a":1,"b":2}""", """{"b":2,"a":1}""", "")]
    [InlineData("""{"a":1,"b":[1,{"c":2}]}""", """{"b":[1.0,{"c":2}],"a":1e0}""", "")]
    [InlineData("""{"a":1,"update_time":1}""", """{"a":1,"update_time":2}""", "")]
    [InlineData("""{"x":{"update_time":1}}""", """{"x":{"update_time":2}}""", "x.update_time 1 → 2")]
    [InlineData("""{"timeout":{"read":1,"send":1}}""", """{"timeout":{"read":2,"send":1}}""", "timeout.read 1 → 2")]
    [InlineData("""{"a":null}""", """{}""", "a null → none")]
    [InlineData("""{"plugins":{"key-auth":{}}}""", """{"plugins":{}}""", "plugins.key-auth {} → none")]
    [InlineData("""{"uris":["/a","/b"]}""", """{"uris":["/a","/c"]}""", "uris[1] \"/b\" → \"/c\"")]
    [InlineData("""{"uris":["/a","/b"]}""", """{"uris":["/a"]}""", "uris [\"/a\",\"/b\"] → [\"/a\"]")]
    [InlineData("""{"nodes":[{"host":"::1","port":80,"weight":1}]}""", """{"nodes":[{"host":"::1","port":80,"weight":2}]}""", "nodes[[::1]:80].weight 1 → 2")]
    [InlineData("""{"nodes":[{"host":"a","port":1},{"host":"b","port":1}]}""", """{"nodes":[{"host":"b","port":1},{"host":"c","port":1}]}""", "nodes[a:1] {\"host\":\"a\",\"port\":1} → none; nodes[c:1] none → {\"host\":\"c\",\"port\":1}")]
    [InlineData("""{"nodes":[{"host":"a","port":1},{"host":"b","port":1}]}""", """{"nodes":[{"host":"b","port":1},{"host":"a","port":1}]}""", "nodes[] [\"a:1\",\"b:1\"] → [\"b:1\",\"a:1\"]")]
    [InlineData("""{"nodes":[{"host":"a","port":1,"weight":1},{"host":"b","weight":1}]}""", """{"nodes":[{"host":"b","weight":2}]}""", "nodes[a:1] {\"host\":\"a\",\"port\":1,\"weight\":1} → none; nodes[b].weight 1 → 2")]
    [InlineData("""{"nodes":[{"host":"a","port":1}]}""", """{"nodes":{"a:1":1}}""", "nodes [{\"host\":\"a\",\"port\":1}] → {\"a:1\":1}")]
    [InlineData("""{"upstream":{"nodes":{"a:1":1}}}""", """{"upstream":{"nodes":{"a:1":2}}}""", "upstream.nodes[\"a:1\"] 1 → 2")]
    [InlineData("""{"nodes":{"10.0.0.1:80":1}}""", """{"nodes":[]}""", "nodes {\"10.0.0.1:80\":1} → []")]
    [InlineData("""{"a.b":1,"\"":1}""", """{"a.b":2,"\"":2}""", "[\"a.b\"] 1 → 2; [\"\\\"\"] 1 → 2")]
    public void Line_Reads(string before, string after, string line) =>
        DifferenceJson.Line(FieldDifference.Between(JsonElement.Parse(before), JsonElement.Parse(after))).ShouldBe(line);

    [Fact]
    public void Between_AppliedToTheOne_MakesTheOther()
    {
        var both = Object(4).Two().Where(static pair => pair.Item1 is not null).ToArbitrary();
        Config config = Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay((ulong)Headgate.Testing.TestSeed.Value, 1);
        Prop.ForAll(both, static pair => Applies(pair.Item1, pair.Item2)).Check(config);
        Prop.ForAll(both, static pair => FieldDifference.Between(Element(pair.Item1), Element(pair.Item1)).Count == 0).Check(config);
    }

    private static bool Applies(JsonObject before, JsonObject after)
    {
        IReadOnlyList<FieldChange> changes = FieldDifference.Between(Element(before), Element(after));
        changes.Select(static change => change.Path).Distinct().Count().ShouldBe(changes.Count);
        JsonNode made = before.DeepClone();
        foreach (FieldChange change in changes)
            made = DifferenceApplier.Apply(made, change);
        return JsonElement.DeepEquals(Element(made), Element(after));
    }

    private static JsonElement Element(JsonNode node) => JsonElement.Parse(node.ToJsonString());

    private static Gen<JsonNode?> Value(int depth) => depth == 0 ? Scalar() : Gen.Frequency((3, Scalar()), (2, Object(depth - 1).Select(static o => (JsonNode?)o)), (2, Array(depth - 1)));

    private static Gen<JsonNode?> Scalar() => Gen.OneOf(
        Gen.Choose(0, 3).Select(static number => (JsonNode?)JsonValue.Create(number)),
        Gen.Elements("", "a", "b", "é→\u2028").Select(static text => (JsonNode?)JsonValue.Create(text)),
        Gen.Elements(true, false).Select(static flag => (JsonNode?)JsonValue.Create(flag)),
        Gen.Constant((JsonNode?)null));

    private static Gen<JsonObject> Object(int depth) =>
        from names in Gen.SubListOf("nodes", "a", "a.b", "x-y_1", "1", "", "\"]", "[0]", "ü")
        from values in Value(depth).ArrayOf(names.Count)
        from nodes in Nodes()
        select new JsonObject(names.Zip(values, (name, value) => KeyValuePair.Create(name, name == "nodes" ? nodes.DeepClone() : value?.DeepClone())));

    private static Gen<JsonNode?> Array(int depth) => from count in Gen.Choose(0, 3) from items in Value(depth).ArrayOf(count) select (JsonNode?)new JsonArray([.. items.Select(static item => item?.DeepClone())]);

    private static Gen<JsonNode> Nodes()
    {
        Gen<JsonObject> node = from host in Gen.Elements("a", "b.c", "10.0.0.1", "::1", "[::1]", "7", "no host]")
                               from port in Gen.Choose(79, 82)
                               from weight in Gen.Choose(0, 2)
                               select port == 79 ? new JsonObject { ["host"] = host, ["weight"] = weight } : new JsonObject { ["host"] = host, ["port"] = port, ["weight"] = weight };
        return from count in Gen.Choose(0, 4) from items in node.ArrayOf(count) select (JsonNode)new JsonArray([.. items.Select(static item => item.DeepClone())]);
    }
}
