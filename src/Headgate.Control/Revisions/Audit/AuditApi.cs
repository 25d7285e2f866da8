using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Store;

namespace Headgate.Control.Revisions.Audit;

/// <summary>
/// <c>GET /api/audit</c> and <c>GET /api/gateway_groups/GROUP/audit</c>: the changes of users, tokens, gateway groups and workspaces. Not among the revisions of a group, which its viewers
/// read and which hold what can be restored.
/// </summary>
internal sealed class AuditApi(GroupScopes scopes)
{
    private static readonly string[] Names = ["kind", "id", .. HistoryArguments.Names];

    /// <summary>All of them.</summary>
    public ValueTask<AdminResponse> AllAsync(AdminRequest request) => SearchAsync(AuditKinds.All, static _ => true, request);

    /// <summary>Those of the gateway group in the path.</summary>
    public async ValueTask<AdminResponse> OfGroupAsync(AdminRequest request)
    {
        string group = request.Segments[1];
        if (await scopes.FindAsync(group, request.Aborted) is null)
            return GroupDispatcher.Unknown(group);
        return await SearchAsync(AuditKinds.OfGroups, record => AuditKinds.GroupOf(record) == group, request);
    }

    private ValueTask<AdminResponse> SearchAsync(IReadOnlyList<AuditKind> kinds, Func<HistoryRecord, bool> isShown, AdminRequest request)
    {
        HistoryQuery query = new() { Prefix = AuditKinds.Prefix };
        if ((RevisionExport.Format(request, out string? format) ?? HistoryArguments.RefuseUnknown(request.Query, Names, "api_key")) is { } wrong)
            return ValueTask.FromResult(wrong);
        if ((ReadKind(kinds, request, ref query, out AuditKind? kind, out string? id) ?? HistoryArguments.Read(request.Query, ref query)) is { } refusal)
            return ValueTask.FromResult(refusal);
        return RevisionSearch.AnswerAsync(format, query, PassesAsync, scopes.Default.History, request.Aborted);

        ValueTask<bool> PassesAsync(HistoryRecord record, CancellationToken aborted) => ValueTask.FromResult(
            AuditKinds.Of(record.Key) is { } found && kinds.Contains(found.Kind) && (kind is null || found.Kind == kind) && (id is null || found.Id == id) && isShown(record));
    }

    /// <summary>A record that lies at one key is looked up by it; a workspace's id does not say in which group it is.</summary>
    private static AdminResponse? ReadKind(IReadOnlyList<AuditKind> kinds, AdminRequest request, ref HistoryQuery query, out AuditKind? kind, out string? id)
    {
        (kind, id) = (null, HistoryArguments.Argument(request.Query, "id"));
        if (HistoryArguments.Argument(request.Query, "kind") is not { } name)
            return id is null ? null : HistoryArguments.Invalid("id", "it needs the argument kind beside it");
        kind = kinds.FirstOrDefault(one => one.Name == name);
        if (kind is null)
            return HistoryArguments.Invalid("kind", $"allowed: {string.Join(", ", kinds.Select(static one => one.Name))}");
        query = id is null || kind.Below is not null ? query with { Prefix = kind.Prefix } : query with { Key = kind.Prefix + id };
        return null;
    }
}
