using System.Text.Json;
using System.Text.Json.Serialization;

namespace Headgate.Control.Access;

/// <summary>
/// An API token as stored, at <see cref="AccessKeys.Token"/>: it acts for its user, with less where it says so. Clients send <c>hgt_ID_SECRET</c>
/// (<see cref="TokenSecret"/>).
/// </summary>
internal sealed record ApiToken
{
    /// <summary>With what every token begins: to be told from admin keys, and found in texts where none should be.</summary>
    public const string Lead = "hgt_";

    /// <summary>12 hexadecimal digits.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>What it is for.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>For whom it acts.</summary>
    [JsonPropertyName("username")]
    public required string Username { get; init; }

    /// <summary>SHA-256 of the secret, in hexadecimal. Never in an answer.</summary>
    [JsonPropertyName("hash")]
    public required string Hash { get; init; }

    /// <summary>The most that it may; null = as its user.</summary>
    [JsonPropertyName("role")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    /// <summary>The only gateway group that it may act on, which is meant when a request names none; null = as its user.</summary>
    [JsonPropertyName("gateway_group_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Group { get; init; }

    /// <summary>The only workspace likewise.</summary>
    [JsonPropertyName("workspace_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Workspace { get; init; }

    /// <summary>Unix seconds; from then on it is good for nothing.</summary>
    [JsonPropertyName("expire_time")]
    public required long ExpireTime { get; init; }

    /// <summary>Unix seconds.</summary>
    [JsonPropertyName("create_time")]
    public required long CreateTime { get; init; }

    /// <summary>What is left of its user's roles.</summary>
    public IReadOnlyList<Grant> Narrow(IReadOnlyList<Grant> grants)
    {
        AccessRole most = Role is null ? AccessRole.Owner : new GrantRecord { Role = Role }.Grant.Role;
        var narrowed = new List<Grant>();
        foreach (Grant grant in grants)
        {
            if ((Group is not null && !grant.IsIn(Group)) || (Workspace is not null && grant.Workspace != Grant.Any && grant.Workspace != Workspace))
                continue;
            narrowed.Add(new Grant(grant.Role < most ? grant.Role : most, Group ?? grant.Group, Workspace ?? grant.Workspace));
        }

        return narrowed;
    }

    /// <summary>What is stored; null when it is no token.</summary>
    public static ApiToken? Read(ReadOnlyMemory<byte> value)
    {
        try
        {
            return JsonSerializer.Deserialize<ApiToken>(value.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
