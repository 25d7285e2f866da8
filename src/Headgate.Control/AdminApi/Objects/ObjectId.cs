using System.Buffers;
using System.Text.Json;
using Headgate.Core.Config;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>Ids: 1 to 64 of <c>[a-zA-Z0-9-_.]</c>, or in a body an integer from 1.</summary>
internal static class ObjectId
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>
    /// The id of a PUT, from the path, the body or both; or the refusal. <paramref name="body"/> is an object.
    /// </summary>
    public static AdminResponse? Resolve(ResourceKind kind, string? pathId, JsonElement body, out string id)
    {
        id = pathId ?? "";
        if (body.TryGetProperty("id", out JsonElement member))
        {
            if (Text(member) is not { } bodyId)
                return Illegal(member.GetRawText());
            if (pathId is not null && bodyId != pathId)
                return AdminResponse.Error(400, $"wrong {kind.Singular()} id");
            id = bodyId;
        }
        else if (pathId is null)
        {
            return AdminResponse.Error(400, $"missing {kind.Singular()} id");
        }

        return IsLegal(id) ? null : Illegal(id);
    }

    /// <summary>An id as text; null when the JSON value cannot be one.</summary>
    public static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number when value.TryGetUInt64(out ulong number) && number > 0 => value.GetRawText(),
        _ => null,
    };

    public static bool IsLegal(string id) => id.Length is > 0 and <= 64 && !id.AsSpan().ContainsAnyExcept(Allowed);

    private static AdminResponse Illegal(string given) =>
        AdminResponse.Error(400, "invalid configuration: property \"id\" validation failed: object matches none of the required: "
            + $"{Shortened(given)} is neither 1 to 64 of a-z A-Z 0-9 - _ . nor an integer from 1");

    private static string Shortened(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
