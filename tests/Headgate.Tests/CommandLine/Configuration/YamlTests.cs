using System.Text;
using System.Text.Json.Nodes;
using Headgate.CommandLine;
using Headgate.CommandLine.Configuration.Documents;
using Headgate.CommandLine.Configuration.Files;
using Headgate.Settings;
using Headgate.Settings.Source;
using Headgate.Testing;

namespace Headgate.Tests.CommandLine.Configuration;

/// <summary>JSON written as YAML and read again, and what scalars without quotes mean.</summary>
public sealed class YamlTests
{
    /// <summary>Pieces of texts that YAML could take for something else.</summary>
    private static readonly string[] Pieces =
    [
        "a", "Z", "0", "1", "-", "+", ".", " ", "\n", "\t", ":", "#", "'", "\"", "\\", "{", "}", "[", "]", ",", "&", "*", "!", "|", ">", "%", "@", "`", "~", "?", "<<", "=", "null", "true", "No", "0x1F", "1e3", ".inf",
        ": ", " #", "- ", "--- ", "...", "é", "\u2028", "\u0085", "\ud83d\ude00", "\u0001", "\ufeff", "${{A}}", "  ",
    ];

    [Fact]
    public void Write_AnyJson_ReadsBackTheSame()
    {
        int seed = TestSeed.Value;
        var random = new Random(seed);
        for (int run = 0; run < 3000; run++)
        {
            JsonObject value = Object(random, 3);
            using var text = new StringWriter { NewLine = "\n" };
            YamlWriter.Write(text, value);

            var problems = new SettingProblems();
            SettingNode? node = YamlSource.Read(text.ToString(), Origin, problems, NodeJson.DepthMax);
            problems.Errors.ShouldBeEmpty($"seed {seed}, run {run}: {value.ToJsonString()}\n{text}");
            JsonNode? read = Read(node!);

            JsonNode.DeepEquals(read, value).ShouldBeTrue($"seed {seed}, run {run}: {value.ToJsonString()}\n{text}\n{read?.ToJsonString()}");
            JsonNode.DeepEquals(Read(JsonSource.Read(value.ToJsonString(JsonLayout.Indented), Origin, new SettingProblems())!), value).ShouldBeTrue($"seed {seed}, run {run}: {value.ToJsonString()}");
        }
    }

    [Theory]
    [InlineData("", "null")]
    [InlineData("~", "null")]
    [InlineData("Null", "null")]
    [InlineData("TRUE", "true")]
    [InlineData("false", "false")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("1.0", "1.0")]
    [InlineData("-0", "-0")]
    [InlineData("1e400", "1e400")]
    [InlineData("007", "7")]
    [InlineData("+5", "5")]
    [InlineData("0o17", "15")]
    [InlineData("0xFF", "255")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("10.0.0.1", "\"10.0.0.1\"")]
    [InlineData("2026-01-01", "\"2026-01-01\"")]
    [InlineData("1:20", "\"1:20\"")]
    [InlineData("/*", "\"/*\"")]
    public void Read_PlainScalar_IsOfTheCoreSchema(string text, string json) => (YamlScalar.Read(text)?.ToJsonString(JsonLayout.Dense) ?? "null").ShouldBe(json);

    [Fact]
    public void Read_TaggedText_IsText() =>
        Read(YamlSource.Read("a: !!str 9\nb: &x [1]\nc: *x\n", Origin, new SettingProblems())!)!.ToJsonString().ShouldBe("""{"a":"9","b":[1],"c":[1]}""");

    [Fact]
    public void ReadJson_Lines_AreThoseOfTheFile()
    {
        var problems = new SettingProblems();

        var map = (SettingNode.Map)JsonSource.Read("{\n\t\"a\": [\n1,\n\n{\"b\": null}],\n\"a\": 2}", Origin, problems)!;

        ((SettingNode.List)map.Entries[0].Value).Items.Select(static item => item.Origin.Line).ShouldBe([3, 5]);
        problems.Errors.Single().ToString().ShouldBe("f:6: a: written twice; the first is on line 2");
    }

    [Theory]
    [InlineData("{\"a\":1}\n}", "f:2: not valid JSON: ")]
    [InlineData("{\"a\":\n\n1,}", "f:3: not valid JSON: ")]
    [InlineData("", "f:1: not valid JSON: ")]
    [InlineData("{\"a\":\"\\ud800\"}", "f:1: not valid JSON: a text holds half of a surrogate pair")]
    public void ReadJson_Errors_NameTheLine(string text, string problem)
    {
        var problems = new SettingProblems();

        JsonSource.Read(text, Origin, problems).ShouldBeNull();

        problems.Errors.Single().ToString().ShouldStartWith(problem);
    }

    private static SettingOrigin Origin(long line) => new("f", line);

    private static JsonNode? Read(SettingNode node)
    {
        var problems = new SettingProblems();
        JsonNode? read = NodeJson.Of(node, "", problems);
        problems.Errors.ShouldBeEmpty();
        return read;
    }

    private static JsonObject Object(Random random, int depth)
    {
        var made = new JsonObject();
        for (int i = random.Next(4); i >= 0; i--)
        {
            string name = Text(random);
            if (name != "<<")
                made[name] = Value(random, depth);
        }

        return made;
    }

    private static JsonNode? Value(Random random, int depth) => random.Next(depth > 0 ? 8 : 6) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonNode.Parse(random.Next(3) switch { 0 => "-1.50", 1 => "12e-7", _ => "9007199254740993" }),
        < 6 => JsonValue.Create(Text(random)),
        6 => Object(random, depth - 1),
        _ => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1))]),
    };

    private static string Text(Random random)
    {
        var text = new StringBuilder();
        for (int i = random.Next(6); i > 0; i--)
            text.Append(Pieces[random.Next(Pieces.Length)]);
        return text.ToString();
    }
}
