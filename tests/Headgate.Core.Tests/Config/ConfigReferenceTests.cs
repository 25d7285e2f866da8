using System.Text.Json.Nodes;
using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

public sealed class ConfigReferenceTests
{
    [Theory]
    [InlineData(ResourceKind.Upstream)]
    [InlineData(ResourceKind.Route)]
    [InlineData(ResourceKind.Service)]
    public void Reference_OfAKind_NamesEveryFieldOfItsSchema(ResourceKind kind)
    {
        string text = File.ReadAllText(Path.Combine(Root(), "docs", "reference", $"{kind.Singular()}.md"));
        JsonObject properties = JsonNode.Parse(ConfigSchemas.Get(kind).Span)!["properties"]!.AsObject();
        properties.Select(property => property.Key)
            .Where(name => !text.Contains($"`{name}`", StringComparison.Ordinal) && !text.Contains($"`{name}.", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    private static string Root()
    {
        string at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Headgate.slnx")))
            at = Path.GetDirectoryName(at).ShouldNotBeNull();
        return at;
    }
}
