using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.AdminApi.Objects;
using Headgate.Core.Config;

namespace Headgate.Control.Access;

/// <summary>Reads what a client says of users and tokens; everything wrong is told at once.</summary>
internal sealed class PersonReader
{
    private const int RolesMax = 64;
    private const int TextMax = 256;

    private readonly OrderedDictionary<string, JsonElement> _members;
    private readonly ConfigErrors _errors = new();

    private PersonReader(JsonElement body) => _members = JsonText.Members(body);

    /// <summary>Null, and the refusal, when the body is no object or has members that are none of <paramref name="known"/>.</summary>
    public static PersonReader? Open(AdminRequest request, string[] known, out AdminResponse? refusal)
    {
        refusal = null;
        if (request.Body is not { ValueKind: JsonValueKind.Object } body)
        {
            refusal = AdminResponse.Error(400, "missing configurations");
            return null;
        }

        var reader = new PersonReader(body);
        foreach (string name in reader._members.Keys.Where(name => !known.Contains(name)))
            reader.Refuse(name, $"additional properties forbidden, found {name}; allowed: {string.Join(", ", known)}");
        return reader;
    }

    /// <summary>What is wrong so far; null = nothing.</summary>
    public AdminResponse? Refusal => _errors.IsValid ? null : AdminResponse.Refused(_errors.Errors);

    /// <summary>Adds something that is wrong.</summary>
    public void Refuse(string member, string text) => _errors.Add(member, text);

    /// <summary>A text; null when it is not there.</summary>
    public string? Text(string name)
    {
        if (!_members.TryGetValue(name, out JsonElement member) || member.ValueKind == JsonValueKind.Null)
            return null;
        if (member.ValueKind == JsonValueKind.String && member.GetString() is { Length: <= TextMax } text)
            return text;
        Refuse(name, $"{name} must be a text of at most {TextMax} characters");
        return null;
    }

    /// <summary>True or false; null when it is not there.</summary>
    public bool? Flag(string name)
    {
        if (!_members.TryGetValue(name, out JsonElement member))
            return null;
        if (member.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return member.GetBoolean();
        Refuse(name, $"{name} must be true or false");
        return null;
    }

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>; null when it is not there.</summary>
    public int? Integer(string name, int min, int max)
    {
        if (!_members.TryGetValue(name, out JsonElement member))
            return null;
        if (member.ValueKind == JsonValueKind.Number && member.TryGetInt32(out int number) && number >= min && number <= max)
            return number;
        Refuse(name, $"{name} must be a whole number from {min} to {max}");
        return null;
    }

    /// <summary>A role, one of <see cref="GrantRecord.Roles"/>; null when it is not there.</summary>
    public string? Role(string name) => Text(name) is { } role ? CheckRole(role, name) : null;

    /// <summary>An id of a gateway group or workspace; null when it is not there.</summary>
    public string? Id(string name)
    {
        string? id = Text(name);
        if (id is not null && !ObjectId.IsLegal(id))
            Refuse(name, $"{name} {id} is no id; allowed: 1 to 64 of a-z A-Z 0-9 - _ .");
        return id;
    }

    /// <summary>Roles with their places; null when they are not there.</summary>
    public IReadOnlyList<GrantRecord>? Roles(string name)
    {
        if (!_members.TryGetValue(name, out JsonElement member))
            return null;
        if (member.ValueKind != JsonValueKind.Array || member.GetArrayLength() > RolesMax)
        {
            Refuse(name, $"{name} must be a list of at most {RolesMax} roles");
            return null;
        }

        var roles = new List<GrantRecord>();
        foreach (JsonElement item in member.EnumerateArray())
        {
            string at = $"{name}[{roles.Count}]";
            GrantRecord? role = item.ValueKind == JsonValueKind.Object ? Deserialize(item) : null;
            if (role is null)
            {
                Refuse(at, $"{at} must be an object with role, and gateway_group_id and workspace_id where it does not count everywhere");
                return null;
            }

            CheckRole(role.Role, at + ".role");
            if (role.Workspace is not null && role.Group is null)
                Refuse(at, $"{at} has a workspace_id and no gateway_group_id");
            roles.Add(role);
        }

        return roles;
    }

    private static GrantRecord? Deserialize(JsonElement item)
    {
        try
        {
            return item.Deserialize<GrantRecord>();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string CheckRole(string role, string at)
    {
        if (!GrantRecord.Roles.Contains(role))
            Refuse(at, $"{at} {role} is no role; allowed: {string.Join(", ", GrantRecord.Roles)}");
        return role;
    }
}
