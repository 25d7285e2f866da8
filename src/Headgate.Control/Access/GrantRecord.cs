using System.Text.Json.Serialization;

namespace Headgate.Control.Access;

/// <summary>A <see cref="Access.Grant"/> as written.</summary>
internal sealed record GrantRecord
{
    /// <summary>Names of the roles as written, from the least.</summary>
    public static IReadOnlyList<string> Roles { get; } = [.. Enum.GetNames<AccessRole>().Select(static name => name.ToLowerInvariant())];

    /// <summary>One of <see cref="Roles"/>.</summary>
    [JsonPropertyName("role")]
    public required string Role { get; init; }

    /// <summary>Id of a gateway group; null = all.</summary>
    [JsonPropertyName("gateway_group_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Group { get; init; }

    /// <summary>Id of a workspace; null = all, and what belongs to the group.</summary>
    [JsonPropertyName("workspace_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Workspace { get; init; }

    /// <summary>A role as it is written.</summary>
    public static GrantRecord Of(Grant grant) => new()
    {
        Role = grant.Role.ToString().ToLowerInvariant(),
        Group = grant.Group == Access.Grant.Any ? null : grant.Group,
        Workspace = grant.Workspace == Access.Grant.Any ? null : grant.Workspace,
    };

    /// <summary>As it counts. A role that nobody knows is the least.</summary>
    [JsonIgnore]
    public Grant Grant => new(Enum.TryParse(Role, ignoreCase: true, out AccessRole role) ? role : AccessRole.Viewer, Group ?? Access.Grant.Any, Workspace ?? Access.Grant.Any);
}
