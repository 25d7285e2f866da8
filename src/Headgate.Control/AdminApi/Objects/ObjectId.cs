using System.Buffers;
using System.Text.Json;
using Headgate.Control.AdminApi.Validation;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>Ids: 1 to 64 of <c>[a-zA-Z0-9-_.]</c>, or in a body an integer from 1. A consumer has its name instead.</summary>
internal static class ObjectId
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>
    /// The object of a PUT, named by the path, the body or both; or the refusal. <paramref name="body"/> is an object, <paramref name="plugins"/> those it may carry.
    /// </summary>
    public static AdminResponse? Resolve(ObjectPath asked, JsonElement body, PluginCatalog plugins, out ObjectPath path)
    {
        path = asked;
        return asked.Kind switch
        {
            ResourceKind.Consumer => ResolveConsumer(asked, body, plugins, out path),
            ResourceKind.PluginMetadata when asked.Id is null => AdminResponse.Error(400, "missing plugin name"),
            ResourceKind.PluginMetadata => null,
            ResourceKind.Secret when asked.Parent is null => AdminResponse.Error(400, "missing secret type"),
            _ => ResolveId(asked, body, out path),
        };
    }

    /// <summary>An id as text; null when the JSON value cannot be one.</summary>
    public static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number when value.TryGetUInt64(out ulong number) && number > 0 => value.GetRawText(),
        _ => null,
    };

    public static bool IsLegal(string id) => id.Length is > 0 and <= 64 && !id.AsSpan().ContainsAnyExcept(Allowed);

    private static AdminResponse? ResolveConsumer(ObjectPath asked, JsonElement body, PluginCatalog plugins, out ObjectPath path)
    {
        string? name = body.TryGetProperty("username", out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        path = asked with { Id = name };
        if (!path.IsLegal)
            return AdminResponse.Refused(ObjectValidator.Validate(asked.Kind, asked.Id ?? "", body, plugins).Errors);
        return asked.Id is not null && asked.Id != name ? AdminResponse.Error(400, "wrong username") : null;
    }

    private static AdminResponse? ResolveId(ObjectPath asked, JsonElement body, out ObjectPath path)
    {
        path = asked;
        if (body.TryGetProperty("id", out JsonElement member))
        {
            if (Text(member) is not { } id)
                return Illegal(member.GetRawText());
            bool same = asked.Id is null ? asked.Kind != ResourceKind.Secret : id == asked.StoredId || id == asked.FullId;
            if (!same)
                return AdminResponse.Error(400, $"wrong {asked.Kind.Singular()} id");
            path = asked with { Id = asked.Id ?? id };
        }
        else if (asked.Id is null)
        {
            return AdminResponse.Error(400, $"missing {asked.Kind.Singular()} id");
        }

        return path.IsLegal ? null : Illegal(path.Id!);
    }

    private static AdminResponse Illegal(string given) =>
        AdminResponse.Error(400, "invalid configuration: property \"id\" validation failed: object matches none of the required: "
            + $"{Shortened(given)} is neither 1 to 64 of a-z A-Z 0-9 - _ . nor an integer from 1");

    private static string Shortened(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
