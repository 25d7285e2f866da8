using System.Text;
using System.Text.Json;
using Headgate.Store.Documents;
using Headgate.Testing;

namespace Headgate.Store.Tests.Documents;

public sealed class YamlJsonTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("1.0", "1.0")]
    [InlineData("-0.50", "-0.50")]
    [InlineData("+12", "12")]
    [InlineData("007", "7")]
    [InlineData("0o17", "15")]
    [InlineData("0x1F", "31")]
    [InlineData("12345678901234567890123", "12345678901234567890123")]
    [InlineData("1e3", "1000")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("true", "true")]
    [InlineData("FALSE", "false")]
    [InlineData("~", "null")]
    [InlineData("null", "null")]
    [InlineData("", "null")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("on", "\"on\"")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("127.0.0.1:80", "\"127.0.0.1:80\"")]
    [InlineData("12:30:45", "\"12:30:45\"")]
    [InlineData("2026-01-01", "\"2026-01-01\"")]
    [InlineData("\"1\"", "\"1\"")]
    [InlineData("'true'", "\"true\"")]
    [InlineData("!!str 1", "\"1\"")]
    [InlineData("!!int \"1\"", "1")]
    [InlineData("! 1", "\"1\"")]
    [InlineData("|\n  a\n  b\n", "\"a\\nb\\n\"")]
    [InlineData("\"\\u00e4\\n\"", "\"ä\\n\"")]
    [InlineData("{}", "{}")]
    [InlineData("[]", "[]")]
    public void Convert_Value_HasTheTypeOfTheCoreSchema(string yaml, string json) => Convert("a: " + yaml).ShouldBe($"{{\"a\":{json}}}");

    [Theory]
    [InlineData("a: .inf", "line 1: .inf is a number that JSON does not have")]
    [InlineData("a: 1\nb: .NaN", "line 2: .NaN is a number that JSON does not have")]
    [InlineData("a: 1e999", "line 1: 1e999 is too large a number")]
    [InlineData("a: !!binary eA==", "line 1: the tag tag:yaml.org,2002:binary is not known")]
    [InlineData("a: *b", "line 1: not valid YAML: alias *b names nothing above it")]
    [InlineData("a: 1\n---\nb: 1", "line 2: a second document begins here; a configuration is one document")]
    [InlineData("a: [1", "line 2: not valid YAML: ")]
    [InlineData("a: 1\n b: 2", "line 2: not valid YAML: ")]
    [InlineData("? [a]\n: 1", "line 1: not valid YAML: a key must be plain text")]
    [InlineData("a: &x {<<: 1}", "line 1: << takes a mapping, or a list of mappings")]
    [InlineData("a: &x [*x]", "line 1: not valid YAML: alias *x names nothing above it")]
    public void Convert_NoConfiguration_IsRefusedWithItsLine(string yaml, string message) =>
        Should.Throw<DocumentException>(() => Convert(yaml)).Message.ShouldStartWith(message);

    [Fact]
    public void Convert_NothingInIt_IsEmpty()
    {
        YamlJson.Convert("", []).IsEmpty.ShouldBeTrue();
        YamlJson.Convert("# nothing\n#END\n", []).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Convert_AliasesAndMerges_AreResolved() =>
        Convert("a: &n {x: 1, y: 2}\nb: *n\nc: {<<: *n, y: 3}\nd: {<<: [{x: 4}, *n]}")
            .ShouldBe("""{"a":{"x":1,"y":2},"b":{"x":1,"y":2},"c":{"y":3,"x":1},"d":{"x":4,"y":2}}""");

    [Fact]
    public void Convert_KeyWrittenTwice_LastCountsAndIsReported()
    {
        List<string> problems = [];

        Encoding.UTF8.GetString(YamlJson.Convert("a: 1\nb: 2\na: 3", problems).Span).ShouldBe("""{"a":3,"b":2}""");
        problems.ShouldBe(["line 3: a is written twice in one mapping; this one counts"]);
    }

    [Fact]
    public void Convert_NestedTooDeep_IsRefusedAndDoesNotEndTheProcess()
    {
        Should.Throw<DocumentException>(() => Convert(new string('[', 200_000))).Message.ShouldContain("nested deeper than 64 levels");
        Should.Throw<DocumentException>(() => Convert(string.Concat(Enumerable.Repeat("{a: ", 100_000)))).Message.ShouldContain("nested deeper than 64 levels");
    }

    [Fact]
    public void Convert_AliasesThatGrowWithoutBound_AreRefused()
    {
        var yaml = new StringBuilder("a0: &a0 [" + string.Join(',', Enumerable.Repeat("lol", 10)) + "]\n");
        for (int i = 1; i < 10; i++)
            yaml.Append(null, $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n");

        Should.Throw<DocumentException>(() => Convert(yaml.ToString())).Message.ShouldContain("with its aliases the document has more than");
    }

    [Theory]
    [InlineData("""{"a":"1","p":"-----BEGIN X-----\nabc=\n-----END X-----\n","b":"true","c":"null","d":"","e":" x ","f":"a: b","g":"#x","h":"l1\nl2\n","i":"yes","j":"-","k":"<<","l":"0x1f","m":".inf","n":"\u0007","o":"ä😀"}""")]
    [InlineData("""{"1":1,"true":true,"":[],"<<":{"a":{}},"x":[[1.0,[]],{"y":[{"z":null}]}],"*a":"&b","!c":"!d","|":">"}""")]
    [InlineData("""[]""")]
    [InlineData("""["a",1,false,-1.50,1e5]""")]
    public void JsonYaml_ReadAgain_IsTheSame(string json)
    {
        string yaml = JsonYaml.Write(JsonElement.Parse(json));

        JsonElement.DeepEquals(JsonElement.Parse(YamlJson.Convert(yaml, []).Span), JsonElement.Parse(json)).ShouldBeTrue(yaml);
    }

    [Fact]
    public void JsonYaml_AnyTexts_AreReadAgainAsTheyWere()
    {
        const string Characters = " \t\n:-#?[]{},&*!|>'\"%@`0123456789aeEtruflsnoxX.~+\\/äÿ\u2028";
        var random = new Random(TestSeed.Value);
        for (int i = 0; i < 2000; i++)
        {
            char[] characters = [.. Enumerable.Range(0, random.Next(12)).Select(_ => Characters[random.Next(Characters.Length)])];
            string json = JsonSerializer.Serialize(new Dictionary<string, string> { [new string(characters)] = new string([.. characters.Reverse()]) });

            string yaml = JsonYaml.Write(JsonElement.Parse(json));

            JsonElement.DeepEquals(JsonElement.Parse(YamlJson.Convert(yaml, []).Span), JsonElement.Parse(json)).ShouldBeTrue($"{json}\n{yaml}");
        }
    }

    private static string Convert(string yaml) => Encoding.UTF8.GetString(YamlJson.Convert(yaml, []).Span);
}
