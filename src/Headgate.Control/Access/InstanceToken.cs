using System.Text.Json;
using System.Text.Json.Serialization;

namespace Headgate.Control.Access;

/// <summary>
/// An instance token as stored, at <see cref="AccessKeys.InstanceToken"/>: with it an instance of a gateway group says to a control plane that it is one. It is nobody's: it opens no API of
/// operators. Instances send <c>hgi_ID_SECRET</c> (<see cref="TokenSecret"/>).
/// </summary>
internal sealed record InstanceToken
{
    /// <summary>With what every instance token begins.</summary>
    public const string Lead = "hgi_";

    /// <summary>12 hexadecimal digits.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>What it is for.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Id of the gateway group whose instances have it.</summary>
    [JsonPropertyName("gateway_group_id")]
    public required string Group { get; init; }

    /// <summary>SHA-256 of the secret, in hexadecimal. Never in an answer.</summary>
    [JsonPropertyName("hash")]
    public required string Hash { get; init; }

    /// <summary>Unix seconds; from then on it is good for nothing. Null = until it is deleted.</summary>
    [JsonPropertyName("expire_time")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ExpireTime { get; init; }

    /// <summary>Unix seconds.</summary>
    [JsonPropertyName("create_time")]
    public required long CreateTime { get; init; }

    /// <summary>What is stored; null when it is no token: another program may have written anything.</summary>
    public static InstanceToken? Read(ReadOnlyMemory<byte> value)
    {
        try
        {
            return JsonSerializer.Deserialize<InstanceToken>(value.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
