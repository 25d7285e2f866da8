using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.AnswerFields;

namespace Headgate.Proxy.Plugins.ResponseRewrite;

/// <summary><c>response-rewrite</c>: changes what the client gets.</summary>
internal sealed class ResponseRewriteKind : PluginKind<ResponseRewriteConfig>
{
    private static readonly ImmutableArray<string> Scopes = ["once", "global"];

    /// <inheritdoc/>
    public override string Name => "response-rewrite";

    /// <inheritdoc/>
    public override int Priority => 899;

    /// <inheritdoc/>
    protected override ResponseRewriteConfig? ReadConfig(ObjectReader reader)
    {
        var config = new ResponseRewriteConfig
        {
            Status = reader.Integer("status_code", 200, 598),
            Body = reader.Text("body"),
            IsBodyBase64 = reader.Flag("body_base64") ?? false,
            Vars = reader.Vars("vars"),
            Filters = new EquatableArray<BodyFilterConfig>(reader.Items<BodyFilterConfig>("filters", 1, unique: false, ReadFilter) ?? []),
            BodyBytesMax = reader.Integer("max_resp_body_size", 1, Array.MaxLength) ?? new ResponseRewriteConfig().BodyBytesMax,
        };
        config = ReadHeaders(reader, config);
        reader.ForbidOthers();
        if (reader.Has("body") && reader.Has("filters"))
            SchemaRules.Refuse(reader, "failed to validate dependent schema for body: value wasn't supposed to match schema (body and filters exclude each other)");
        if (config.IsBodyBase64 && (string.IsNullOrEmpty(config.Body) || ResponseRewritePlugin.BytesOf(config) is null))
            reader.Findings.Add(Phase.Check, reader.At, "invalid base64 content");
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(ResponseRewriteConfig config, PluginServices services) => new ResponseRewritePlugin(config);

    private static bool ReadFilter(JsonElement value, Location at, Findings findings, out BodyFilterConfig filter)
    {
        filter = null!;
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return false;
        reader.Require("regex");
        reader.Require("replace");
        string? pattern = reader.Text("regex", 1);
        string? replacement = reader.Text("replace");
        filter = new BodyFilterConfig(pattern ?? "", replacement ?? "", reader.Choice("scope", Scopes) == "global", reader.Text("options") ?? "jo");
        reader.ForbidOthers();
        if (pattern is null || replacement is null)
            return false;
        if (BodyFilter.Create(filter, out string? error) is null)
            findings.Add(Phase.Check, at, $"regex \"{pattern}\" validation failed: {error}");
        return true;
    }

    /// <summary>In its two forms: <c>add</c>, <c>set</c> and <c>remove</c>, or, as it was once, an object of fields to set.</summary>
    private static ResponseRewriteConfig ReadHeaders(ObjectReader reader, ResponseRewriteConfig config)
    {
        if (!reader.TryGet("headers", out JsonElement value))
            return config;
        Location at = reader.At.Property("headers");
        if (ObjectReader.Open(value, at, reader.Findings) is not { } headers || value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() == 0)
            return config;
        bool isNewForm = value.EnumerateObject().Any(
            static member => member.Name is "add" or "set" or "remove" && member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array);
        if (!isNewForm)
            return config with { Set = AnswerFieldReader.Object(value, at, reader.Findings, hasVariables: true) };
        config = config with
        {
            Add = new EquatableArray<HeaderTemplate>(headers.Items<HeaderTemplate>("add", 1, unique: false, AnswerFieldReader.Line) ?? []),
            Set = AnswerFieldReader.Object(headers, "set", hasVariables: true),
            Remove = new EquatableArray<string>(headers.Items<string>("remove", 1, unique: false, AnswerFieldReader.Name) ?? []),
        };
        headers.ForbidOthers();
        return config;
    }
}
