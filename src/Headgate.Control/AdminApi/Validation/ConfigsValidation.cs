using System.Text.Json;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.AdminApi.References;
using Headgate.Core.Config;

namespace Headgate.Control.AdminApi.Validation;

/// <summary>
/// Says what a write would be refused for, without writing: one object (<c>/schema/validate/KIND</c>) or a whole configuration (<c>/configs/validate</c>).
/// References count, unlike in APISIX: to what is posted beside, or is stored.
/// </summary>
internal sealed class ConfigsValidation(ObjectIndex index, ObjectCommits commits, AdminApiOptions options)
{
    private const string VersionSuffix = "_conf_version";
    private const string SchemaPrefix = "invalid configuration: ";

    public AdminResponse ValidateObject(AdminRequest request)
    {
        string name = request.Segment(2) ?? "";
        if (!KindNames.TryParse(name, out ResourceKind kind) && !KindNames.TryParse(name + "s", out kind))
        {
            return UnavailableKinds.Contains(name) ? AdminResponse.Error(501, UnavailableKinds.Reason(name, options.Version))
                : AdminResponse.Error(404, "Unsupported resource type: " + name);
        }

        if (request.Body is not { } body)
            return AdminResponse.Error(400, "missing configurations");
        string id = IdOf(kind, body) ?? "";
        ConfigErrors errors = ObjectValidator.Validate(kind, id, body, options.Plugins);
        IEnumerable<ConfigError> missing = kind == ResourceKind.Credential ? [] : commits.LikelyMissing(kind.Key(id), body); // a credential's consumer is in no body
        List<ConfigError> all = [.. errors.Errors, .. missing];
        if (all.Count == 0)
            return AdminResponse.Empty(200);

        // APISIX's schema check speaks without the words that a write puts before it.
        return AdminResponse.Refused([.. all.Select(error => error with { Message = Unprefixed(error.Message) })]);
    }

    public AdminResponse ValidateConfigs(AdminRequest request)
    {
        if (request.ContentType.StartsWith("application/yaml", StringComparison.OrdinalIgnoreCase))
            return BodyReader.Invalid("YAML is not accepted here, send JSON");
        if (request.Body is not { } body)
            return BodyReader.Invalid("empty request body");
        if (body.ValueKind != JsonValueKind.Object)
            return BodyReader.Invalid("expected an object such as {\"upstreams\":[...],\"routes\":[...]}");
        List<Finding> findings = [];
        HashSet<string> posted = PostedKeys(body);
        foreach (JsonProperty member in body.EnumerateObject())
            CheckMember(member.Name, member.Value, posted, findings);
        return findings.Count == 0 ? AdminResponse.Raw(200, "{}\n"u8.ToArray()) : Refusal(findings);
    }

    private static string Unprefixed(string message) => message.StartsWith(SchemaPrefix, StringComparison.Ordinal) ? message[SchemaPrefix.Length..] : message;

    /// <summary>Store keys of everything that is posted and has an id.</summary>
    private static HashSet<string> PostedKeys(JsonElement body)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach (JsonProperty member in body.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Array))
        {
            foreach (JsonElement item in member.Value.EnumerateArray())
            {
                if (KindNames.TryParse(member.Name, out ResourceKind kind) && IdOf(kind, item) is { } id)
                    keys.Add(kind.Key(id));
            }
        }

        return keys;
    }

    /// <summary>What is posted for consumers may be a credential: its id says so, as in APISIX.</summary>
    private static string? IdOf(ResourceKind kind, JsonElement item) =>
        kind == ResourceKind.Consumer && !IsCredential(item) ? IdOf(item, "username") : IdOf(item);

    private static bool IsCredential(JsonElement item) => IdOf(item)?.Contains("/credentials/", StringComparison.Ordinal) == true;

    private static string? IdOf(JsonElement item, string member = "id") =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(member, out JsonElement id) ? ObjectId.Text(id) : null;

    private void CheckMember(string name, JsonElement value, HashSet<string> posted, List<Finding> findings)
    {
        if (name.EndsWith(VersionSuffix, StringComparison.Ordinal))
        {
            if (value.ValueKind != JsonValueKind.Number)
                findings.Add(new Finding(name[..^VersionSuffix.Length], null, null, $"{name} must be a number"));
        }
        else if (!KindNames.TryParse(name, out ResourceKind kind) || kind == ResourceKind.Credential)
        {
            CheckOther(name, value, findings);
        }
        else if (value.ValueKind != JsonValueKind.Array)
        {
            findings.Add(new Finding(name, null, null, $"{name} must be an array"));
        }
        else
        {
            CheckItems(kind, value, posted, findings);
        }
    }

    /// <summary>A kind that is not there yet may be posted empty; a word that is none is most likely a slip.</summary>
    private void CheckOther(string name, JsonElement value, List<Finding> findings)
    {
        if (!UnavailableKinds.Contains(name))
        {
            findings.Add(new Finding(name, null, null, "Unsupported resource type: " + name));
            return;
        }

        for (int place = 0; value.ValueKind == JsonValueKind.Array && place < value.GetArrayLength(); place++)
            findings.Add(new Finding(name, IdOf(value[place]) ?? IdOf(value[place], "username"), place, UnavailableKinds.Reason(name, options.Version)));
    }

    private void CheckItems(ResourceKind listed, JsonElement items, HashSet<string> posted, List<Finding> findings)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        int place = 0;
        foreach (JsonElement item in items.EnumerateArray())
        {
            ResourceKind kind = listed == ResourceKind.Consumer && IsCredential(item) ? ResourceKind.Credential : listed;
            string? id = IdOf(listed, item);
            foreach (ConfigError error in ObjectValidator.Validate(kind, id ?? "", item, options.Plugins).Errors)
                Add(error.Message);
            foreach (Reference reference in ReferenceReader.Read(kind.Key(id ?? ""), item))
            {
                if (!posted.Contains(reference.TargetKey) && !index.TryGet(reference.TargetKey, out _))
                    Add(reference.Missing);
            }

            if (id is not null && !seen.Add(id))
                Add($"found duplicate {(kind == ResourceKind.Consumer ? "username" : "id")} {id} in {listed.Plural()}");
            place++;

            void Add(string message) => findings.Add(new Finding(listed.Plural(), id ?? "", place, message));
        }
    }

    private static AdminResponse Refusal(List<Finding> findings) => AdminResponse.Object(400, findings, static (writer, list) =>
    {
        writer.WriteString("error_msg", "Configuration validation failed");
        writer.WriteStartArray("errors");
        foreach (Finding finding in list)
        {
            writer.WriteStartObject();
            writer.WriteString("resource_type", finding.ResourceType);
            if (finding.ResourceId is not null)
                writer.WriteString("resource_id", finding.ResourceId);
            if (finding.Index is { } place)
                writer.WriteNumber("index", place);
            writer.WriteString("error", finding.Error);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    /// <summary>One problem, shaped as APISIX's.</summary>
    private sealed record Finding(string ResourceType, string? ResourceId, int? Index, string Error);
}
