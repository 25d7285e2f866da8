using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

/// <summary>
/// The schemas are written by hand, and so is the parser: every bound, choice, default, required and unknown member of a schema is tried on
/// the parser, just inside and just outside.
/// </summary>
public sealed class ConfigSchemasTests
{
    /// <summary>Known to the parser, which refuses them with a text of its own; the schema does not offer them.</summary>
    private static readonly HashSet<string> Refused = ["filter_func", "script", "script_id"];

    [Fact]
    public void Get_EveryKind_IsCompleteInItself()
    {
        foreach (ResourceKind kind in ResourceKinds.Apisix)
        {
            string text = System.Text.Encoding.UTF8.GetString(ConfigSchemas.Get(kind).Span);
            text.ShouldNotContain("$ref");
            JsonNode.Parse(text)!["type"]!.GetValue<string>().ShouldBe("object");
        }

        JsonNode.Parse(ConfigSchemas.Get(ResourceKind.Route).Span)!["properties"]!["upstream"]!["properties"]!["nodes"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData(ResourceKind.Upstream, 1000)]
    [InlineData(ResourceKind.Route, 1000)]
    [InlineData(ResourceKind.Service, 1000)]
    [InlineData(ResourceKind.Consumer, 100)]
    [InlineData(ResourceKind.ConsumerGroup, 100)]
    [InlineData(ResourceKind.PluginConfig, 100)]
    [InlineData(ResourceKind.GlobalRule, 100)]
    [InlineData(ResourceKind.Proto, 100)]
    public void Parse_EveryProbeOfTheSchema_AgreesWithIt(ResourceKind kind, int least)
    {
        var disagreements = new List<string>();
        int tried = 0;
        foreach (SchemaProbe probe in Probes(kind))
        {
            tried++;
            var errors = new ConfigErrors();
            Parse(kind, probe.Document, errors);
            string[] here = [.. errors.Errors.Concat(errors.Warnings).Where(probe.Concerns).Select(error => error.Message)];
            if (probe.Accepted == here.Length > 0)
                disagreements.Add($"{probe.Name}: the schema says {(probe.Accepted ? "yes" : "no")}, the parser says {string.Join("; ", here)}");
        }

        disagreements.ShouldBeEmpty();
        tried.ShouldBeGreaterThan(least);
    }

    [Fact]
    public void Parse_DefaultsWrittenOut_ChangeNothing()
    {
        foreach (ResourceKind kind in (ResourceKind[])[ResourceKind.Upstream, ResourceKind.Route, ResourceKind.Service])
        {
            JsonObject schema = Schema(kind);
            JsonObject written = SchemaProbe.Base(kind);
            foreach ((string property, JsonNode? rule) in schema["properties"]!.AsObject())
            {
                if (rule!["default"] is { } value)
                    written[property] = value.DeepClone();
            }

            if (kind == ResourceKind.Upstream)
                written["keepalive_pool"] = JsonNode.Parse("""{"size":320,"idle_timeout":60,"requests":1000}""");

            object? plain = Parse(kind, SchemaProbe.Base(kind), new ConfigErrors());
            Parse(kind, written, new ConfigErrors()).ShouldBe(plain.ShouldNotBeNull());
        }

        JsonObject pool = Schema(ResourceKind.Upstream)["properties"]!["keepalive_pool"]!["properties"]!.AsObject();
        KeepalivePoolConfig defaults = KeepalivePoolConfig.Default;
        (pool["size"]!["default"]!.GetValue<int>(), pool["idle_timeout"]!["default"]!.GetValue<int>(), pool["requests"]!["default"]!.GetValue<int>())
            .ShouldBe((defaults.Size, (int)defaults.IdleTimeout.TotalSeconds, defaults.Requests));
    }

    [Fact]
    public void Types_InTheSchema_AreTheParsers() =>
        Schema(ResourceKind.Upstream)["properties"]!["type"]!["enum"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldBe(LoadBalancingTypes.All);

    private static IEnumerable<SchemaProbe> Probes(ResourceKind kind)
    {
        string[] names = [.. ResourceKinds.Apisix.SelectMany(any => SchemaProbe.AllNames(Schema(any))).Distinct().Except(Refused)];
        return SchemaProbe.All(Schema(kind), kind, names);
    }

    private static JsonObject Schema(ResourceKind kind) => JsonNode.Parse(ConfigSchemas.Get(kind).Span)!.AsObject();

    private static object? Parse(ResourceKind kind, JsonObject document, ConfigErrors errors)
    {
        JsonElement value = JsonSerializer.SerializeToElement(document);
        return kind switch
        {
            ResourceKind.Upstream => ConfigParser.ParseUpstream("x", value, errors),
            ResourceKind.Route => ConfigParser.ParseRoute("x", value, errors),
            ResourceKind.Service => ConfigParser.ParseService("x", value, errors),
            ResourceKind.Consumer => ConfigParser.ParseConsumer("x", value, errors),
            ResourceKind.Proto => ConfigParser.ParseProto("x", value, errors),
            _ => ConfigParser.ParsePluginSet(kind, "x", value, errors),
        };
    }
}
