using System.Text.Json.Nodes;
using Headgate.CommandLine.Configuration.Planning;

namespace Headgate.Tests.CommandLine.Configuration;

/// <summary>The patch from one object to another.</summary>
public sealed class MergePatchTests
{
    [Theory]
    [InlineData("""{"a":1,"b":{"c":1,"d":2}}""", """{"b":{"c":1,"e":[3]}}""", """{"b":{"e":[3],"d":null},"a":null}""")]
    [InlineData("""{"b":{"c":1}}""", """{"b":{}}""", """{"b":{}}""")]
    [InlineData("""{"b":[1,2]}""", """{"b":[2]}""", """{"b":[2]}""")]
    public void Between_TwoObjects_IsThePatch(string before, string after, string patch) =>
        MergePatch.Between(Parse(before), Parse(after)).ToJsonString().ShouldBe(patch);

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
