using System.Text;
using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

public sealed class SecretReferencesTests
{
    [Theory]
    [InlineData("$env://A", null, "A", "")]
    [InlineData("$ENV://A/b", null, "A", "b")]
    [InlineData("$secret://vault/1/jack/auth/key", "vault/1", "jack/auth", "key")]
    [InlineData("$secret://file/1/key", "file/1", "", "key")]
    public void Parse_EachForm_IsTakenApart(string text, string? manager, string path, string member) =>
        SecretReference.Parse(text).ShouldBe(new SecretReference(text, manager, path, member));

    [Theory]
    [InlineData("$env://", true)]
    [InlineData("$secret://vault/1", true)]
    [InlineData("$secret://vault/1/a/", true)]
    [InlineData("$SECRET://vault/1/a", false)]
    [InlineData("env://A", false)]
    [InlineData("", false)]
    public void Parse_Wrong_IsNone(string text, bool isMeant)
    {
        SecretReference.Parse(text).ShouldBeNull();
        SecretReference.Is(text).ShouldBe(isMeant);
    }

    [Theory]
    [InlineData(ResourceKind.Route, """{"desc":"$env://A","plugins":{"a":{"b":["$env://A",{"c":"$env://B"}]}},"uri":"/a"}""", "$env://A $env://B")]
    [InlineData(ResourceKind.Consumer, """{"plugins":{"a":{"\u0024":"\u0024env\u003a//A"}}}""", "$env://A")]
    [InlineData(ResourceKind.Ssl, """{"cert":"$env://A","snis":["$env://B"],"keys":["$secret://vault/1/a/b"]}""", "$env://A $secret://vault/1/a/b")]
    [InlineData(ResourceKind.Upstream, """{"plugins":{"a":"$env://A"}}""", "")]
    [InlineData(ResourceKind.Route, """{"plugins":{"a":"$env://A" """, "")]
    public void Find_WhereTheyCount(ResourceKind kind, string json, string found) =>
        SecretReferences.Find(kind, Encoding.UTF8.GetBytes(json)).ShouldBe(found.Split(' ', StringSplitOptions.RemoveEmptyEntries), ignoreOrder: true);

    [Fact]
    public void Replace_LeavesEveryOtherByte() =>
        Encoding.UTF8.GetString(SecretReferences.Replace(
            ResourceKind.Route, """{"desc":"$env://A", "plugins":{"a":{"b" : "$env://A"}},"x":1.0}"""u8.ToArray(), new Dictionary<string, string> { ["$env://A"] = "q\"é" }).Span)
        .ShouldBe("""{"desc":"$env://A", "plugins":{"a":{"b" : "q\"é"}},"x":1.0}""");
}
