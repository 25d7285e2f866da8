using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Headgate.Tests.Tidy;

/// <summary>Who may know whom: edges point down (ARCHITECTURE.md).</summary>
public sealed partial class LayerTests
{
    private static readonly Dictionary<string, string[]> AllowedProjects = new()
    {
        ["Headgate.Core"] = [],
        ["Headgate.Store"] = ["Headgate.Core"],
        ["Headgate.Proxy"] = ["Headgate.Core", "Headgate.Store"],
        ["Headgate.Control"] = ["Headgate.Core", "Headgate.Store"],
        ["Headgate"] = ["Headgate.Core", "Headgate.Store", "Headgate.Proxy", "Headgate.Control"],
    };

    // A folder of Core may use those of the rows below its own, never one beside or above it.
    private static readonly string[][] CoreLayers =
    [
        ["Snapshot"],
        ["Routing", "Canary"],
        ["Plugins", "LoadBalancing", "Health", "Discovery", "Resilience"],
        ["Upstreams"],
        ["Config"],
        ["Primitives"],
    ];

    [Fact]
    public void Project_ReferencesOnlyWhatLiesBelow()
    {
        string[] projects = Repository.Files("src", ".csproj");

        projects.Select(p => Path.GetFileNameWithoutExtension(p)).Order().ShouldBe(AllowedProjects.Keys.Order());
        projects.SelectMany(p => References(p).Except(AllowedProjects[Path.GetFileNameWithoutExtension(p)]).Select(r => $"{p} references {r}")).ShouldBeEmpty();
    }

    [Fact]
    public void Core_ReferencesNoFrameworkAndNoPackage() =>
        XDocument.Load(Path.Combine(Repository.Root, "src/Headgate.Core/Headgate.Core.csproj")).Descendants()
            .Where(e => e.Name.LocalName is "FrameworkReference" or "PackageReference").ShouldBeEmpty();

    [Fact]
    public void Core_OpensNoSocketAndReadsNoClock()
    {
        string[] wrong =
        [
            .. from file in Repository.Files("src/Headgate.Core", ".cs")
               from Match match in Outside().Matches(SourceText.Blank(Repository.Text(file)))
               select $"{file}: {match.Value}",
        ];

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void CoreFolder_IsOneOfTheLayers() =>
        Repository.Files("src/Headgate.Core", ".cs").Select(f => f.Split('/')[2]).Distinct().Except(CoreLayers.SelectMany(l => l)).ShouldBeEmpty();

    [Fact]
    public void CoreFolder_UsesOnlyFoldersBelow()
    {
        string[] wrong =
        [
            .. from file in Repository.Files("src/Headgate.Core", ".cs")
               let folder = file.Split('/')[2]
               from used in CoreUses(file).Distinct()
               where used != folder && Array.FindIndex(CoreLayers, l => l.Contains(used)) <= Array.FindIndex(CoreLayers, l => l.Contains(folder))
               select $"{file} uses {used}",
        ];

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Transport_KnowsNeitherWhoTakesClientsInNorTheProtocols()
    {
        string[] wrong =
        [
            .. from file in Repository.Files("src/Headgate.Proxy/Transport", ".cs")
               from line in Repository.Lines(file)
               where UpwardOfTransport().IsMatch(line)
               select $"{file}: {line.Trim()}",
        ];

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void AssemblyNames_AreThoseOfTheProjects()
    {
        string[] named =
        [
            .. from project in Repository.Files("src", ".csproj").Concat(Repository.Files("tests", ".csproj"))
               from name in XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("AssemblyName")
               select $"{project}: {name.Value}",
        ];

        named.ShouldBe(["src/Headgate/Headgate.csproj: headgate"]);
    }

    // Benchmarks are built by themselves: the gate does not wait for them.
    [Fact]
    public void Solution_HoldsEveryProjectButBenchmarks()
    {
        string[] listed = [.. XDocument.Load(Path.Combine(Repository.Root, "Headgate.slnx")).Descendants("Project").Select(p => p.Attribute("Path")!.Value).Order(StringComparer.Ordinal)];

        listed.ShouldBe([.. Repository.Files("fuzz", ".csproj"), .. Repository.Files("samples", ".csproj"), .. Repository.Files("src", ".csproj"), .. Repository.Files("tests", ".csproj")]);
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));

    private static IEnumerable<string> CoreUses(string file) => CoreNamespace().Matches(SourceText.Blank(Repository.Text(file))).Select(m => m.Groups["folder"].Value);

    [GeneratedRegex(@"^using Headgate\.Proxy\.(Fronts|Http1|Http2|Telemetry|Configuration)\b")]
    private static partial Regex UpwardOfTransport();

    [GeneratedRegex(@"\bHeadgate\.Core\.(?<folder>\w+)")]
    private static partial Regex CoreNamespace();

    [GeneratedRegex(@"\b(new\s+)?(Socket|TcpClient|TcpListener|UdpClient|HttpClient|Dns)\s*[.(]|\bMicrosoft\.AspNetCore\b|\bTimeProvider\.System\b|\bRandom\.Shared\b|\bnew Random\(\)|\bEnvironment\.TickCount|\bStopwatch\.GetTimestamp")]
    private static partial Regex Outside();
}
