using System.Text.RegularExpressions;

namespace Headgate.Tests.Tidy;

/// <summary>Sizes, names and words of the sources (style guide).</summary>
public sealed partial class SourceTests
{
    private const int FileLinesMax = 400;
    private const int MethodLinesMax = 70;

    private static readonly string[] AllSources = [.. Repository.Files("src", ".cs"), .. Repository.Files("tests", ".cs"), .. Repository.Files("bench", ".cs"), .. Repository.Files("fuzz", ".cs")];
    private static readonly string[] Sources = Repository.Files("src", ".cs");

    [Fact]
    public void Files_AreFound() => Sources.Length.ShouldBeGreaterThan(50);

    [Fact]
    public void File_IsNoLongerThan400Lines() =>
        AllSources.Select(f => (File: f, Lines: Repository.Lines(f).Length)).Where(f => f.Lines > FileLinesMax).Select(f => $"{f.File}: {f.Lines} lines").ShouldBeEmpty();

    [Fact]
    public void Method_IsNoLongerThan70Lines() =>
        AllSources.SelectMany(f => MethodSizes.Of(Repository.Text(f)).Where(m => m.Lines > MethodLinesMax).Select(m => $"{f}:{m.Line} {m.Name}: {m.Lines} lines")).ShouldBeEmpty();

    [Fact]
    public void File_HasOnePublicTypeAtMost() =>
        Sources.Select(f => (File: f, Types: PublicType().Matches(SourceText.Blank(Repository.Text(f))).Select(m => m.Groups["name"].Value).Distinct().ToArray()))
            .Where(f => f.Types.Length > 1).Select(f => $"{f.File}: {string.Join(", ", f.Types)}").ShouldBeEmpty();

    [Fact]
    public void Source_HoldsNoUnfinishedWork() =>
        Words(AllSources.Where(f => !f.Contains("/Tidy/")), text => text, "TO" + "DO|FIX" + "ME|HA" + "CK|XXX|NotImplemented" + "Exception").ShouldBeEmpty();

    [Fact]
    public void TypeName_SaysMoreThanManagerOrHelper() =>
        Words(AllSources, SourceText.Blank, @"(?:class|struct|record|interface|enum)\s+\w*(?:Manager|Helpers?|Utils?|Utilit(?:y|ies)|Common|Impl)\b").ShouldBeEmpty();

    [Fact]
    public void Source_UsesNoRegion() => Words(AllSources.Where(f => !f.Contains("/Tidy/")), text => text, "^\\s*#region").ShouldBeEmpty();

    [Fact]
    public void Namespace_FollowsTheFolder()
    {
        string[] wrong =
        [
            .. from file in Sources.Concat(Repository.Files("tests", ".cs")).Concat(Repository.Files("fuzz", ".cs"))
               let declared = NamespaceLine().Match(Repository.Text(file))
               where declared.Success && declared.Groups["name"].Value != Path.GetDirectoryName(file)!.Replace('\\', '/').Split('/', 2)[1].Replace('/', '.')
               select $"{file}: {declared.Groups["name"].Value}",
        ];

        wrong.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("class A\n{\n    void M(int a)\n    {\n        if (a > 0)\n        {\n        }\n    }\n}\n", "M@3+6")]
    [InlineData("record R(int A)\n{\n    public R(string s) : this(1)\n    {\n    }\n}\n", "R@3+3")]
    [InlineData("class A { int P { get { return 1; } } string S() => \"{\"; void N<T>(T t) where T : class {\n} }", "N@1+2")]
    public void MethodSizes_FindsBodies(string source, string expected) =>
        string.Join(' ', MethodSizes.Of(source).Select(m => $"{m.Name}@{m.Line}+{m.Lines}")).ShouldBe(expected);

    [Theory]
    [InlineData("a /* { */ b // }\nc", "a         b     \nc")]
    [InlineData("x = \"{\\\"}\"; y", "x =       ; y")]
    [InlineData("x = @\"{\"\"}\"; y", "x =        ; y")]
    [InlineData("x = $\"\"\"{\"}\"\"\"; y", "x =           ; y")]
    [InlineData("x = '{'; y = '\\''; z", "x =    ; y =     ; z")]
    public void SourceText_BlanksCommentsAndLiterals(string source, string expected) => SourceText.Blank(source).ShouldBe(expected);

    private static string[] Words(IEnumerable<string> files, Func<string, string> view, string pattern) =>
        [.. files.SelectMany(f => Regex.Matches(view(Repository.Text(f)), pattern, RegexOptions.Multiline).Select(m => $"{f}: {m.Value.Trim()}"))];

    [GeneratedRegex(@"^public\s+(?:(?:sealed|static|abstract|partial|readonly|ref|unsafe)\s+)*(?:class|struct|record(?:\s+(?:class|struct))?|interface|enum|delegate\s+\S+)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
