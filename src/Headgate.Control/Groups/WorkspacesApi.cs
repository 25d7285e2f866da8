using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.AdminApi.Objects;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Groups;

/// <summary><c>/api/gateway_groups/GROUP/workspaces</c>: the workspaces of a group, and one.</summary>
internal sealed class WorkspacesApi(GroupScopes scopes, TimeProvider time)
{
    private const string Noun = "workspace";
    private const int AttemptsMax = 16;

    private static readonly string[] ReadOnly = ["gateway_group_id", "objects", "create_time", "update_time"];

    private readonly GroupRecords _records = new(Noun, static (id, body, errors) => ConfigParser.ParseWorkspace(id, body, errors), ReadOnly, time);

    /// <summary>What follows the group in the path: <c>workspaces</c>, or <c>workspaces/ID</c>.</summary>
    public async ValueTask<AdminResponse> AnswerAsync(string group, string? id, AdminRequest request)
    {
        if (await scopes.FindAsync(group, request.Aborted) is not { } scope)
            return GroupDispatcher.Unknown(group);
        return (request.Method, id) switch
        {
            ("GET", null) => List(scope, request),
            ("POST", null) => await WriteAsync(scope, null, request),
            ("GET", WorkspaceConfig.DefaultId) => GroupRecords.Shown(200, Default(scope), writer => WriteAbout(writer, scope, WorkspaceConfig.DefaultId)),
            ("GET", _) => await scope.FindWorkspaceAsync(id!, request.Aborted) is { } found
                ? GroupRecords.Shown(200, found.Entry!, writer => WriteAbout(writer, scope, id!)) : scope.Rules.Unknown(id!),
            ("PUT" or "DELETE", WorkspaceConfig.DefaultId) => AdminResponse.Error(400, "the default workspace is always there, as it is: it has every object that no other workspace owns"),
            ("PUT", _) => await WriteAsync(scope, id, request),
            ("DELETE", _) => await DeleteAsync(scope, id!, request),
            _ => AdminResponse.Error(405, $"not supported `{request.Method}` method for this path"),
        };
    }

    private static AdminResponse List(GroupScope scope, AdminRequest request) => AdminResponse.Object(200, (scope, request.Caller.Grants), static (writer, state) =>
    {
        (string Id, StoreEntry Entry)[] all =
        [
            .. state.scope.Tenancy.Workspaces().Select(static known => (known.Id, known.Entry!)).Prepend((WorkspaceConfig.DefaultId, Default(state.scope)))
                .Where(workspace => state.Grants.Any(grant => grant.Covers(state.scope.Group, workspace.Item1))),
        ];
        writer.WriteStartArray("list");
        foreach ((string id, StoreEntry entry) in all)
        {
            writer.WriteStartObject();
            GroupRecords.WriteMembers(writer, entry.Value, more => WriteAbout(more, state.scope, id));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("total", all.Length);
    });

    private async ValueTask<AdminResponse> WriteAsync(GroupScope scope, string? asked, AdminRequest request)
    {
        if (_records.ReadId(asked, request, out string id) is { } wrongId)
            return wrongId;
        if (id == WorkspaceConfig.DefaultId)
            return AdminResponse.Error(400, "the default workspace is always there, as it is");
        string directory = RecordKeys.Workspaces(scope.Group);
        using KeyLocks.Turn turn = await scope.Locks.EnterAsync(directory, request.Aborted);
        string key = directory + id;
        return await _records.PutAsync(
            scope.Store, key, id, onlyNew: asked is null, request, (body, stored) => HostClaims.CheckAsync(scope, id, body, stored, request.Aborted),
            entry => scope.Tenancy.Learn(new StoreChange(key, entry), entry.ModRevision), writer => WriteAbout(writer, scope, id));
    }

    private static async ValueTask<AdminResponse> DeleteAsync(GroupScope scope, string id, AdminRequest request)
    {
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            if (await scope.FindWorkspaceAsync(id, request.Aborted) is not { } known)
                return scope.Rules.Unknown(id);
            if (Preconditions.Check(request, Noun, id, known.ModRevision) is { } failed)
                return failed;
            StoreView owners = await scope.Store.GetAsync(RecordKeys.Owners(scope.Group), request.Aborted);
            foreach (StoreEntry owner in owners.Entries)
                scope.Tenancy.Learn(new StoreChange(owner.Key, owner), owner.ModRevision);
            if (scope.Tenancy.ObjectsOf(id) is { Count: > 0 } left)
                return NotEmpty(id, left);
            string key = RecordKeys.Workspaces(scope.Group) + id;
            var commit = new Commit
            {
                Compares = [new Compare.UnchangedSince(key, known.ModRevision), new Compare.RangeNotWrittenSince(RecordKeys.Owners(scope.Group), owners.Revision)],
                Operations = [new Operation.Delete(key)],
                Origin = request.Origin,
            };
            CommitResult result = await scope.Store.CommitAsync(commit, CancellationToken.None);
            StoreEntry? now = result.Applied ? null : await scope.Store.FindAsync(key, request.Aborted);
            scope.Tenancy.Learn(new StoreChange(key, now), result.Revision);
            if (result.Applied)
                return ObjectDeletes.Deleted(key);
        }

        return AdminResponse.Error(503, $"workspace {id} was not deleted: the gateway group is being written all the time; try again");
    }

    private static AdminResponse NotEmpty(string id, IReadOnlyList<string> left) => AdminResponse.Object(409, (id, left), static (writer, state) =>
    {
        writer.WriteString("error_msg", $"workspace {state.id} is not empty: {state.left.Count} objects belong to it, {state.left[0]} among them; delete them first");
        writer.WriteTexts("objects", state.left);
    });

    private static StoreEntry Default(GroupScope scope) => GroupRecords.Unwritten(RecordKeys.Workspaces(scope.Group) + WorkspaceConfig.DefaultId, WorkspaceConfig.DefaultId);

    /// <summary>The group, and how many objects of each kind there are; of the default workspace they are not counted.</summary>
    private static void WriteAbout(Utf8JsonWriter writer, GroupScope scope, string id)
    {
        writer.WriteString("gateway_group_id", scope.Group);
        if (id == WorkspaceConfig.DefaultId)
            return;
        writer.WriteStartObject("objects");
        foreach (IGrouping<string, string> kind in scope.Tenancy.ObjectsOf(id).GroupBy(static key => key.Split('/')[2], StringComparer.Ordinal))
            writer.WriteNumber(kind.Key, kind.Count());
        writer.WriteEndObject();
    }
}
