using System.Text.Json;
using Headgate.Control.Access;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.Groups;
using Headgate.Store;

namespace Headgate.Control.Revisions.Audit;

/// <summary>All kinds of records whose changes the audit log shows. Sessions are none: a login changes nothing, and their keys are what cookies are found by.</summary>
internal static class AuditKinds
{
    /// <summary>With what the keys of all of them begin.</summary>
    public const string Prefix = "/headgate/";

    private const string Workspace = "/workspaces/";

    private static readonly AuditKind Users = new("users", AccessKeys.Users, Secret: "password_hash");
    private static readonly AuditKind Groups = new("gateway_groups", RecordKeys.Groups);

    /// <summary>All.</summary>
    public static IReadOnlyList<AuditKind> All { get; } =
    [
        Users, new("tokens", AccessKeys.Tokens, Secret: "hash"), new("instance_tokens", AccessKeys.InstanceTokens, Secret: "hash"), Groups, new("workspaces", RecordKeys.TenancyPrefix, Workspace),
    ];

    /// <summary>Those that can belong to one gateway group.</summary>
    public static IReadOnlyList<AuditKind> OfGroups { get; } = [.. All.Where(static kind => kind != Users)];

    /// <summary>The kind and id of the record at a key, and the gateway group that stands in it; null when it is of none.</summary>
    public static (AuditKind Kind, string Id, string? Group)? Of(string key)
    {
        foreach (AuditKind kind in All)
        {
            if (!key.StartsWith(kind.Prefix, StringComparison.Ordinal))
                continue;
            string rest = key[kind.Prefix.Length..];
            if (kind.Below is null)
                return (kind, rest, null);
            if (rest.Split(kind.Below) is [var group, var id])
                return (kind, id, group);
        }

        return null;
    }

    /// <summary>The gateway group that a change is about; null = none, or all.</summary>
    public static string? GroupOf(HistoryRecord record) => Of(record.Key) switch
    {
        { Group: { } group } => group,
        { Kind: var kind, Id: var id } when kind == Groups => id,
        { Kind: var kind } when kind != Users => Member(record.After) ?? Member(record.Before),
        _ => null,
    };

    private static string? Member(ReadOnlyMemory<byte>? value) =>
        value is { } json && StoredJson.Object(json) is { } record && record.TryGetProperty("gateway_group_id", out JsonElement group) && group.ValueKind == JsonValueKind.String ? group.GetString() : null;
}
