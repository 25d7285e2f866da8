using System.Text.Json.Nodes;
using Headgate.CommandLine.Configuration.Planning;

namespace Headgate.Tests.CommandLine.Configuration;

/// <summary>What differs between two objects, and the patch from one to the other.</summary>
public sealed class FieldComparisonTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[1,{"c":2}]}""", """{"b":[1.0,{"c":2}],"a":1e0}""", "")]
    [InlineData("""{"a":null}""", """{}""", "a: null -> none")]
    [InlineData("""{"t":{"read":1}}""", """{"t":{"read":2,"send":3}}""", "t.read: 1 -> 2; t.send: none -> 3")]
    [InlineData("""{"l":{"a.b":1}}""", """{"l":{"a.b":"1"}}""", """l["a.b"]: 1 -> "1" """)]
    [InlineData("""{"uris":["/a","/b"]}""", """{"uris":["/a","/c"]}""", """uris[1]: "/b" -> "/c" """)]
    [InlineData("""{"uris":["/a"]}""", """{"uris":["/a","/c"]}""", """uris: ["/a"] -> ["/a","/c"]""")]
    [InlineData("""{"nodes":[{"host":"a","port":1,"weight":1},{"host":"b","weight":1}]}""", """{"nodes":[{"host":"b","weight":2}]}""",
        """nodes[a:1]: {"host":"a","port":1,"weight":1} -> none; nodes[b].weight: 1 -> 2""")]
    [InlineData("""{"nodes":[{"host":"a","port":1},{"host":"b","port":1}]}""", """{"nodes":[{"host":"b","port":1},{"host":"a","port":1}]}""", """nodes, their order: ["a:1","b:1"] -> ["b:1","a:1"]""")]
    [InlineData("""{"nodes":[{"host":"a","port":1}]}""", """{"nodes":{"a:1":1}}""", """nodes: [{"host":"a","port":1}] -> {"a:1":1}""")]
    [InlineData("""{"upstream":{"nodes":{"a:1":1}}}""", """{"upstream":{"nodes":{"a:1":2}}}""", """upstream.nodes["a:1"]: 1 -> 2""")]
    public void Between_TwoObjects_NamesTheFields(string before, string after, string changes) =>
        string.Join("; ", FieldComparison.Between(Parse(before), Parse(after)).Select(Line)).ShouldBe(changes.Trim());

    [Theory]
    [InlineData("""{"a":1,"b":{"c":1,"d":2}}""", """{"b":{"c":1,"e":[3]}}""", """{"b":{"e":[3],"d":null},"a":null}""")]
    [InlineData("""{"b":{"c":1}}""", """{"b":{}}""", """{"b":{}}""")]
    [InlineData("""{"b":[1,2]}""", """{"b":[2]}""", """{"b":[2]}""")]
    public void MergePatch_MakesTheOneOfTheOther(string before, string after, string patch) =>
        MergePatch.Between(Parse(before), Parse(after)).ToJsonString().ShouldBe(patch);

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;

    private static string Line(FieldChange change) =>
        $"{change.Path}: {(change.IsBefore ? change.Before?.ToJsonString() ?? "null" : "none")} -> {(change.IsAfter ? change.After?.ToJsonString() ?? "null" : "none")}";
}
