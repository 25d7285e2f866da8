using System.Globalization;
using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.AnswerFields;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.Mocking;

/// <summary><c>mocking</c>: answers in place of a node that is not there yet.</summary>
internal sealed class MockingKind : PluginKind<MockingConfig>
{
    private static readonly string[] Types = ["application/xml", "application/json", "text/plain", "text/html", "text/xml"];

    /// <inheritdoc/>
    public override string Name => "mocking";

    /// <inheritdoc/>
    public override int Priority => 10900;

    /// <summary>The content type without its parameters.</summary>
    public static string TypeOf(string contentType) => contentType.Split(';')[0];

    /// <inheritdoc/>
    protected override MockingConfig? ReadConfig(ObjectReader reader)
    {
        var none = new MockingConfig();
        var config = new MockingConfig
        {
            Delay = TimeSpan.FromSeconds(Math.Max(0, reader.Integer("delay") ?? 0)),
            Status = reader.Integer("response_status", 100) ?? none.Status,
            ContentType = reader.Text("content_type") ?? none.ContentType,
            Example = reader.Text("response_example"),
            Schema = ReadSchema(reader),
            SaysSo = reader.Flag("with_mock_header") ?? none.SaysSo,
            Headers = AnswerFieldReader.Object(reader, "response_headers", hasVariables: true),
        };
        reader.ForbidOthers();
        if (config.Example is null && !reader.Has("response_schema"))
            reader.Findings.Schema(reader.At, "object matches none of the required: [\"response_example\"] or [\"response_schema\"]");
        if (!Types.Contains(TypeOf(config.ContentType)) || !HeaderTexts.IsValue(config.ContentType))
            reader.Findings.Add(Phase.Check, reader.At, $"unsupported content type! (given {config.ContentType}; allowed: {string.Join(", ", Types)})");
        else if (config.Example is null && TypeOf(config.ContentType) == "text/html")
            reader.Findings.Add(Phase.Own, reader.At, $"{reader.At.Path}: text/html cannot be made up from response_schema; give response_example");
        if (config.Status is < 200 or > 599)
            reader.Findings.Add(Phase.Own, reader.At, string.Create(CultureInfo.InvariantCulture, $"{reader.At.Path}.response_status: {config.Status} is no status of an answer; allowed: 200 to 599"));
        if (config.Example is { } example)
            SchemaRules.WarnUnknownVariables(reader, "response_example", TemplateParser.Value(example));
        return config.Example is null ? config : config with { Schema = null };
    }

    /// <inheritdoc/>
    protected override Plugin Make(MockingConfig config, PluginServices services) => new MockingPlugin(config, new Draws(services.Seed));

    private static MockValue? ReadSchema(ObjectReader reader)
    {
        if (!reader.TryGet("response_schema", out JsonElement schema))
            return null;
        Location at = reader.At.Property("response_schema");
        return ObjectReader.Open(schema, at, reader.Findings) is null ? null : MockSchemaReader.Read(schema, at, reader.Findings);
    }
}
