using System.Text.Json.Nodes;
using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

public sealed class ConfigReferenceTests
{
    [Theory]
    [InlineData(ResourceKind.Upstream, "upstream")]
    [InlineData(ResourceKind.Route, "route")]
    [InlineData(ResourceKind.Service, "service")]
    [InlineData(ResourceKind.Consumer, "consumer")]
    [InlineData(ResourceKind.Credential, "consumer")]
    [InlineData(ResourceKind.ConsumerGroup, "plugin-sets")]
    [InlineData(ResourceKind.PluginConfig, "plugin-sets")]
    [InlineData(ResourceKind.GlobalRule, "plugin-sets")]
    [InlineData(ResourceKind.PluginMetadata, "plugin-sets")]
    [InlineData(ResourceKind.Proto, "proto")]
    [InlineData(ResourceKind.Secret, "secret")]
    [InlineData(ResourceKind.Ssl, "ssl")]
    public void Reference_OfAKind_NamesEveryFieldOfItsSchema(ResourceKind kind, string page)
    {
        string text = File.ReadAllText(Path.Combine(Root(), "docs", "reference", $"{page}.md"));
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
