using System.Text.Json;
using System.Text.Json.Serialization;

namespace Headgate.Control.Access;

/// <summary>A person as stored, at <see cref="AccessKeys.User"/>.</summary>
internal sealed record UserRecord
{
    /// <summary>1 to 64 of <c>a-z A-Z 0-9 - _ .</c></summary>
    [JsonPropertyName("username")]
    public required string Username { get; init; }

    /// <summary>What <see cref="Passwords.Hash"/> made. Never in an answer.</summary>
    [JsonPropertyName("password_hash")]
    public required string PasswordHash { get; init; }

    /// <summary>Whether the password was given by somebody else: nothing but changing it is allowed.</summary>
    [JsonPropertyName("must_change_password")]
    public bool MustChangePassword { get; init; }

    /// <summary>Whether the person is locked out for good.</summary>
    [JsonPropertyName("disabled")]
    public bool Disabled { get; init; }

    /// <summary>What the person is; null = nothing was said.</summary>
    [JsonPropertyName("desc")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    /// <summary>Roles.</summary>
    [JsonPropertyName("roles")]
    public IReadOnlyList<GrantRecord> Roles { get; init; } = [];

    /// <summary>Unix seconds.</summary>
    [JsonPropertyName("create_time")]
    public long CreateTime { get; init; }

    /// <summary>Unix seconds.</summary>
    [JsonPropertyName("update_time")]
    public long UpdateTime { get; init; }

    /// <summary>The roles as they count.</summary>
    [JsonIgnore]
    public IReadOnlyList<Grant> Grants => [.. Roles.Select(static role => role.Grant)];

    /// <summary>Unix milliseconds of the latest change of password: sessions that began before it are over.</summary>
    [JsonPropertyName("password_time_ms")]
    public long PasswordTimeMs { get; init; }

    /// <summary>What is stored; null when it is no user: another program may have written anything.</summary>
    public static UserRecord? Read(ReadOnlyMemory<byte> value)
    {
        try
        {
            return JsonSerializer.Deserialize<UserRecord>(value.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What is to be stored.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this);
}
