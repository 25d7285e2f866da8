using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.AdminApi.References;
using Headgate.Control.AdminApi.Standalone;
using Headgate.Control.Registries;
using Headgate.Core.Config;
using Headgate.Store.Documents;

namespace Headgate.Control.AdminApi.Validation;

/// <summary>
/// Says what a write would be refused for, without writing: one object (<c>/schema/validate/KIND</c>) or a whole configuration (<c>/configs/validate</c>).
/// References count, unlike in APISIX: to what is posted beside, or is stored.
/// </summary>
internal sealed class ConfigsValidation(ObjectIndex index, ObjectCommits commits, AdminApiOptions options)
{
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
        if (CheckShape(request) is { } refusal)
            return refusal;
        List<ConfigFinding> findings = Find(request.Body!.Value, references: true);
        return findings.Count == 0 ? AdminResponse.Raw(200, "{}\n"u8.ToArray()) : Refusal("Configuration validation failed", findings);
    }

    /// <summary>The refusal of a body that is no configuration at all; null when it may be one.</summary>
    public static AdminResponse? CheckShape(AdminRequest request) => request.Body switch
    {
        null => BodyReader.Invalid("empty request body"),
        { ValueKind: not JsonValueKind.Object } => BodyReader.Invalid("expected an object such as {\"upstreams\":[...],\"routes\":[...]}"),
        _ => null,
    };

    /// <summary>The refusal of a configuration that is to be served, its text being the first problem's as in APISIX; null when there is none. References are not looked at.</summary>
    public AdminResponse? CheckGiven(JsonElement body) => Find(body, references: false) is { Count: > 0 } findings ? Refusal(findings[0].Error, findings) : null;

    /// <summary>Every problem of a configuration, which is an object.</summary>
    private List<ConfigFinding> Find(JsonElement body, bool references)
    {
        List<ConfigFinding> findings = [];
        HashSet<string>? posted = references ? PostedKeys(body) : null;
        foreach (JsonProperty member in body.EnumerateObject())
            CheckMember(member.Name, member.Value, posted, findings);
        return findings;
    }

    private static string Unprefixed(string message) => message.StartsWith(SchemaPrefix, StringComparison.Ordinal) ? message[SchemaPrefix.Length..] : message;

    /// <summary>Store keys of everything that is posted and has an id.</summary>
    private HashSet<string> PostedKeys(JsonElement body)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach (JsonProperty member in body.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Array))
        {
            foreach (JsonElement item in member.Value.EnumerateArray())
            {
                if (TryParseList(member.Name, out ResourceKind kind) && IdOf(kind, item) is { } id)
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

    private void CheckMember(string name, JsonElement value, HashSet<string>? posted, List<ConfigFinding> findings)
    {
        if (name.EndsWith(ConfigDocument.VersionSuffix, StringComparison.Ordinal))
        {
            if (value.ValueKind != JsonValueKind.Number)
                findings.Add(new ConfigFinding(name[..^ConfigDocument.VersionSuffix.Length], null, null, $"{name} must be a number"));
        }
        else if (!TryParseList(name, out ResourceKind kind))
        {
            CheckOther(name, value, findings);
        }
        else if (value.ValueKind != JsonValueKind.Array)
        {
            findings.Add(new ConfigFinding(name, null, null, $"{name} must be an array"));
        }
        else
        {
            CheckItems(kind, value, posted, findings);
        }
    }

    /// <summary>The kind of a list: what files may hold, Headgate's own kinds included; but what is given as a whole holds APISIX's alone.</summary>
    private bool TryParseList(string plural, out ResourceKind kind) =>
        options.Standalone is null ? ConfigDocument.TryParseKind(plural, out kind) : KindNames.TryParse(plural, out kind) && kind != ResourceKind.Credential;

    /// <summary>The object without what a write passes over: what is only answered of a registry connection, and the number that clients of a whole configuration put into objects, where such a one is given.</summary>
    private JsonElement Given(ResourceKind kind, JsonElement item)
    {
        Func<string, JsonElement, bool> isPassedOver = kind == ResourceKind.ServiceRegistry ? static (name, _) => RegistryJson.IsReadOnly(name)
            : options.Standalone is not null ? static (name, value) => name == ConfigDocument.ModifiedIndex && value.ValueKind == JsonValueKind.Number
            : static (_, _) => false;
        if (item.ValueKind != JsonValueKind.Object || !item.EnumerateObject().Any(member => isPassedOver(member.Name, member.Value)))
            return item;
        ReadOnlyMemory<byte> json = JsonText.Build((item, isPassedOver), static (writer, given) =>
        {
            writer.WriteStartObject();
            foreach ((string name, JsonElement member) in JsonText.Members(given.item))
            {
                if (given.isPassedOver(name, member))
                    continue;
                writer.WritePropertyName(name);
                JsonText.Copy(writer, member);
            }

            writer.WriteEndObject();
        });
        return JsonElement.Parse(json.Span);
    }

    /// <summary>A kind that is not there yet may be posted empty; a word that is none is most likely a slip.</summary>
    private void CheckOther(string name, JsonElement value, List<ConfigFinding> findings)
    {
        if (options.Standalone is not null && StandaloneConfigs.IsMark(name))
            return;
        if (name == "plugins" && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0)
            return;
        if (!UnavailableKinds.Contains(name))
        {
            findings.Add(new ConfigFinding(name, null, null, "Unsupported resource type: " + name));
            return;
        }

        for (int place = 0; value.ValueKind == JsonValueKind.Array && place < value.GetArrayLength(); place++)
            findings.Add(new ConfigFinding(name, IdOf(value[place]) ?? IdOf(value[place], "username"), place, UnavailableKinds.Reason(name, options.Version)));
    }

    private void CheckItems(ResourceKind listed, JsonElement items, HashSet<string>? posted, List<ConfigFinding> findings)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        int place = 0;
        foreach (JsonElement item in items.EnumerateArray())
        {
            ResourceKind kind = listed == ResourceKind.Consumer && IsCredential(item) ? ResourceKind.Credential : listed;
            string? id = IdOf(listed, item);
            foreach (ConfigError error in ObjectValidator.Validate(kind, id ?? "", Given(kind, item), options.Plugins).Errors)
                Add(error.Message);
            foreach (Reference reference in posted is null ? [] : ReferenceReader.Read(kind.Key(id ?? ""), item))
            {
                if (!posted!.Contains(reference.TargetKey) && !index.TryGet(reference.TargetKey, out _))
                    Add(reference.Missing);
            }

            if (id is not null && !seen.Add(id))
                Add($"found duplicate {(kind == ResourceKind.Consumer ? "username" : "id")} {id} in {listed.Plural()}");
            place++;

            void Add(string message) => findings.Add(new ConfigFinding(listed.Plural(), id ?? "", place, message));
        }
    }

    private static AdminResponse Refusal(string message, List<ConfigFinding> findings) => AdminResponse.Object(400, (message, findings), static (writer, state) =>
    {
        writer.WriteString("error_msg", state.message);
        writer.WriteStartArray("errors");
        foreach (ConfigFinding finding in state.findings)
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
}
