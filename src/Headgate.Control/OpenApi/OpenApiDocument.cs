using System.Text.Json;
using System.Text.RegularExpressions;
using Headgate.Control.AdminApi.Json;
using Headgate.Core.Config;

namespace Headgate.Control.OpenApi;

/// <summary>The OpenAPI 3.1 document of <c>/api</c>: made of <see cref="ApiOperations"/> and the schemas that the Admin API shows.</summary>
internal static partial class OpenApiDocument
{
    /// <summary>Schemas of what is no object of APISIX's.</summary>
    private static readonly (string Name, string Schema)[] Own =
    [
        ("gateway_group", """{"type":"object","required":["name"],"properties":{"id":{"type":"string"},"name":{"type":"string","minLength":1,"maxLength":1024},"desc":{"type":"string"},"labels":{"type":"object","additionalProperties":{"type":"string"}},"prefix":{"type":"string","readOnly":true},"create_time":{"type":"integer","readOnly":true},"update_time":{"type":"integer","readOnly":true}}}"""),
        ("workspace", """{"type":"object","required":["name"],"properties":{"id":{"type":"string"},"name":{"type":"string","minLength":1,"maxLength":1024},"desc":{"type":"string"},"labels":{"type":"object","additionalProperties":{"type":"string"}},"hosts":{"type":"array","items":{"type":"string"}},"gateway_group_id":{"type":"string","readOnly":true},"objects":{"type":"object","readOnly":true,"additionalProperties":{"type":"integer"}},"create_time":{"type":"integer","readOnly":true},"update_time":{"type":"integer","readOnly":true}}}"""),
        ("role", """{"type":"object","required":["role"],"properties":{"role":{"enum":["viewer","editor","operator","owner"]},"gateway_group_id":{"type":"string"},"workspace_id":{"type":"string"}}}"""),
        ("user", """{"type":"object","properties":{"username":{"type":"string"},"password":{"type":"string","description":"given, or made and shown once"},"desc":{"type":"string"},"roles":{"type":"array","items":{"$ref":"#/components/schemas/role"}},"disabled":{"type":"boolean"},"must_change_password":{"type":"boolean","readOnly":true},"create_time":{"type":"integer","readOnly":true},"update_time":{"type":"integer","readOnly":true}}}"""),
        ("token", """{"type":"object","required":["name"],"properties":{"id":{"type":"string","readOnly":true},"name":{"type":"string"},"days":{"type":"integer","minimum":1,"maximum":366,"writeOnly":true},"role":{"enum":["viewer","editor","operator","owner"]},"gateway_group_id":{"type":"string"},"workspace_id":{"type":"string"},"token":{"type":"string","readOnly":true,"description":"shown once"},"create_time":{"type":"integer","readOnly":true},"expire_time":{"type":"integer","readOnly":true}}}"""),
        ("instance_token", """{"type":"object","required":["name"],"properties":{"id":{"type":"string","readOnly":true},"name":{"type":"string"},"days":{"type":"integer","minimum":1,"maximum":3650,"writeOnly":true},"gateway_group_id":{"type":"string","readOnly":true},"token":{"type":"string","readOnly":true,"description":"shown once"},"commands":{"type":"object","readOnly":true,"description":"shown once","properties":{"config":{"type":"string"},"shell":{"type":"string"}}},"create_time":{"type":"integer","readOnly":true},"expire_time":{"type":"integer","readOnly":true}}}"""),
        ("login", """{"type":"object","required":["username","password"],"properties":{"username":{"type":"string"},"password":{"type":"string"}}}"""),
        ("password_change", """{"type":"object","required":["old_password","new_password"],"properties":{"old_password":{"type":"string"},"new_password":{"type":"string"}}}"""),
        ("session", """{"type":"object","properties":{"username":{"type":"string"},"must_change_password":{"type":"boolean"},"roles":{"type":"array","items":{"$ref":"#/components/schemas/role"}},"gateway_group_id":{"type":"string"},"workspace_id":{"type":"string"},"csrf_token":{"type":"string"}}}"""),
    ];

    /// <summary>The document, as JSON. <paramref name="version"/>: of Headgate.</summary>
    public static ReadOnlyMemory<byte> Build(string version) => JsonText.Build(version, static (writer, ofHeadgate) =>
    {
        writer.WriteStartObject();
        writer.WriteString("openapi", "3.1.0");
        writer.WriteStartObject("info");
        writer.WriteString("title", "Headgate");
        writer.WriteString("version", ofHeadgate);
        writer.WriteEndObject();
        writer.WriteStartArray("security");
        foreach (string scheme in (string[])["key", "session"])
        {
            writer.WriteStartObject();
            writer.WriteStartArray(scheme);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("paths");
        foreach (IGrouping<string, ApiOperation> path in ApiOperations.All.GroupBy(static operation => operation.Path, StringComparer.Ordinal))
        {
            writer.WriteStartObject(path.Key);
            foreach (ApiOperation operation in path)
                Write(writer, operation);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        WriteComponents(writer);
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, ApiOperation operation)
    {
        writer.WriteStartObject(operation.Method.ToLowerInvariant());
        writer.WriteString("operationId", operation.Method.ToLowerInvariant() + Words().Replace(operation.Path["/api".Length..], "_").TrimEnd('_'));
        writer.WriteStartArray("tags");
        writer.WriteStringValue(operation.Tag);
        writer.WriteEndArray();
        writer.WriteString("summary", operation.Summary);
        if (operation.IsPublic)
        {
            writer.WriteStartArray("security");
            writer.WriteEndArray();
        }

        writer.WriteStartArray("parameters");
        foreach (Match parameter in Parameters().Matches(operation.Path))
            WriteParameter(writer, parameter.Groups[1].Value, "path");
        string[] everywhere = operation.Tag is "objects" or "nodes" or "overrides" or "explain" || operation.Path.StartsWith("/api/workspaces", StringComparison.Ordinal) ? ["gateway_group_id", "workspace_id"] : [];
        foreach (string argument in operation.Query.Concat(everywhere))
            WriteParameter(writer, argument, "query");
        writer.WriteEndArray();
        if (operation.Method is "PUT" or "POST" or "PATCH")
        {
            writer.WriteStartObject("requestBody");
            WriteContent(writer, () => WriteSchema(writer, operation.Body));
            writer.WriteEndObject();
        }

        writer.WriteStartObject("responses");
        WriteResponse(writer, operation.Status.ToString(System.Globalization.CultureInfo.InvariantCulture), "done", () => WriteAnswer(writer, operation));
        if (operation.CanWait)
            WriteResponse(writer, "202", "done; not all gateway instances run it after the wait", () => WriteAnswer(writer, operation));
        WriteResponse(writer, "default", "refused", () => WriteSchema(writer, "error"));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteResponse(Utf8JsonWriter writer, string status, string description, Action schema)
    {
        writer.WriteStartObject(status);
        writer.WriteString("description", description);
        WriteContent(writer, schema);
        writer.WriteEndObject();
    }

    private static void WriteAnswer(Utf8JsonWriter writer, ApiOperation operation)
    {
        if (operation is { Answer: null, IsList: false, CanWait: false } or { IsBare: true })
        {
            WriteSchema(writer, operation.Answer);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", "object");
        writer.WriteTexts("required", operation switch { { IsList: false, Answer: null } => (string[])[], { IsList: false } => ["value"], { Answer: null } => ["list"], _ => ["list", "total"] });
        writer.WriteStartObject("properties");
        if (operation.CanWait)
        {
            writer.WritePropertyName("convergence");
            WriteSchema(writer, "convergence");
        }

        if (operation.IsList)
        {
            writer.WriteStartObject("list");
            writer.WriteString("type", "array");
            writer.WritePropertyName("items");
            WriteSchema(writer, operation.Answer);
            writer.WriteEndObject();
            writer.WriteStartObject("total");
            writer.WriteString("type", "integer");
            writer.WriteEndObject();
        }
        else if (operation.Answer is not null)
        {
            writer.WritePropertyName("value");
            WriteSchema(writer, operation.Answer);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter writer, Action schema)
    {
        writer.WriteStartObject("content");
        writer.WriteStartObject("application/json");
        writer.WritePropertyName("schema");
        schema();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteSchema(Utf8JsonWriter writer, string? name)
    {
        writer.WriteStartObject();
        if (name is not null)
            writer.WriteString("$ref", "#/components/schemas/" + name);
        writer.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter writer, string name, string place)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("in", place);
        if (place == "path")
            writer.WriteBoolean("required", true);
        writer.WriteStartObject("schema");
        writer.WriteString("type", name is "page" or "page_size" or "limit" or ApiOperation.Wait ? "integer" : "string");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteComponents(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("components");
        writer.WriteStartObject("securitySchemes");
        WriteScheme(writer, "key", "header", "X-API-KEY");
        WriteScheme(writer, "session", "cookie", Access.Session.Cookie);
        writer.WriteEndObject();
        writer.WriteStartObject("schemas");
        foreach (ResourceKind kind in ResourceKinds.Apisix)
        {
            writer.WritePropertyName(kind.SchemaName());
            writer.WriteRawValue(ConfigSchemas.Get(kind).Span, skipInputValidation: true);
        }

        foreach ((string name, string schema) in Own.Concat(AnswerSchemas.All).Concat(PluginSchemas.All).Concat(ExplainSchemas.All).Concat(RegistrySchemas.All))
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(schema);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteScheme(Utf8JsonWriter writer, string scheme, string place, string name)
    {
        writer.WriteStartObject(scheme);
        writer.WriteString("type", "apiKey");
        writer.WriteString("in", place);
        writer.WriteString("name", name);
        writer.WriteEndObject();
    }

    [GeneratedRegex("[^a-z_]+")]
    private static partial Regex Words();

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex Parameters();
}
