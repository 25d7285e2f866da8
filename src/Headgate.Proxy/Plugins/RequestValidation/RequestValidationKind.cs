using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.JsonSchemas;

namespace Headgate.Proxy.Plugins.RequestValidation;

/// <summary><c>request-validation</c>: checks header fields and body against JSON schemas.</summary>
internal sealed class RequestValidationKind : PluginKind<RequestValidationConfig>
{
    /// <inheritdoc/>
    public override string Name => "request-validation";

    /// <inheritdoc/>
    public override int Priority => 2800;

    /// <inheritdoc/>
    protected override RequestValidationConfig? ReadConfig(ObjectReader reader)
    {
        if (!reader.Has("header_schema") && !reader.Has("body_schema"))
            SchemaRules.Refuse(reader, "object matches none of the required: [\"header_schema\"] or [\"body_schema\"]");
        string? bodySchema = ReadSchema(reader, "body_schema", lowersNames: false);
        var config = new RequestValidationConfig
        {
            HeaderSchema = ReadSchema(reader, "header_schema", lowersNames: true),
            BodySchema = bodySchema,
            BodyBytesMax = SchemaRules.BodyBytesMax(reader, reader.Has("body_schema"), "no body_schema") ?? SchemaRules.BodyBytesMaxDefault,
            RejectedCode = reader.Integer("rejected_code", 200, 599) ?? 400,
            RejectedMsg = reader.Text("rejected_msg", 1, 256),
        };
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(RequestValidationConfig config, PluginServices services) => new RequestValidationPlugin(config);

    private static string? ReadSchema(ObjectReader reader, string name, bool lowersNames)
    {
        if (!reader.TryGet(name, out JsonElement schema))
            return null;
        Location at = reader.At.Property(name);
        if (ObjectReader.Open(schema, at, reader.Findings) is null)
            return null;
        JsonSchema.Compile(schema, at, reader.Findings, lowersNames);
        return schema.GetRawText();
    }
}
