using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Groups;
using Headgate.Control.Revisions.Differences;
using Headgate.Core.Config;

namespace Headgate.Control.Revisions;

/// <summary>Answers about the history of one object: its changes, what it was after a revision, and what differs between two.</summary>
internal sealed class HistoryReads(GroupScope scope)
{
    private readonly RevisionReads _revisions = new(scope);

    /// <summary>The object's changes, newest first; with <c>?compare=FROM..TO</c> what differs between two revisions.</summary>
    public async ValueTask<AdminResponse> HistoryAsync(ObjectPath path, AdminRequest request)
    {
        if (request.Query.ContainsKey("compare"))
            return await CompareAsync(path, request.Query["compare"].ToString(), request);
        return await _revisions.SearchAsync(path.Key, request);
    }

    /// <summary>The object as it was after a revision.</summary>
    public async ValueTask<AdminResponse> AtAsync(ObjectPath path, string text, AdminRequest request)
    {
        (AdminResponse? refusal, PastObject past) = await FindAsync(path, text, request.Workspace, request.Aborted);
        if (refusal is not null)
            return refusal;
        if (past.Value is not { } value)
            return NotThere(path, text);
        return AdminResponse.Object(200, (path, value, past.Revision), static (writer, state) =>
        {
            RevisionJson.WriteKey(writer, state.path.Key);
            if (state.Revision is { } written)
                writer.WriteNumber("revision", written);
            writer.WritePropertyName("value");
            MaskedJson.Write(writer, MaskedJson.Of(state.path.Key, state.value)!.Value);
        });
    }

    /// <summary>The object as it was after the revision that <paramref name="text"/> names; or why that cannot be said. What was another workspace's then was not there.</summary>
    public async ValueTask<(AdminResponse? Refusal, PastObject Past)> FindAsync(ObjectPath path, string text, string workspace, CancellationToken aborted)
    {
        if (await _revisions.RefuseAsync(text, aborted) is { } refusal)
            return (refusal, default);
        long revision = RevisionFilter.Revision(text)!.Value;
        PastObject past = await scope.History.AtAsync(path.Key, revision, aborted);
        if (past.Value is not null && !await scope.PastOwners.SeesAsync(workspace, path.Key, revision, aborted))
            past = past with { Value = null, Revision = null };
        return (past.IsKnown ? null : RevisionReads.Forgotten(revision, await scope.History.CompactedAsync(aborted)), past);
    }

    /// <summary>There was no such object then.</summary>
    public static AdminResponse NotThere(ObjectPath path, string revision) => AdminResponse.Error(404, $"{path.Kind.Singular()} [{path.FullId}] did not exist after revision {revision}");

    private async ValueTask<AdminResponse> CompareAsync(ObjectPath path, string range, AdminRequest request)
    {
        if (range.Split("..") is not [var from, var to])
            return AdminResponse.Error(400, "invalid argument compare; allowed: two revisions, as in compare=17..23");
        (AdminResponse? refusal, PastObject before) = await FindAsync(path, from, request.Workspace, request.Aborted);
        if (refusal is not null)
            return refusal;
        (refusal, PastObject after) = await FindAsync(path, to, request.Workspace, request.Aborted);
        if (refusal is not null)
            return refusal;
        return AdminResponse.Object(200, (path.Key, from, to, before, after), static (writer, state) =>
        {
            RevisionJson.WriteKey(writer, state.Key);
            writer.WriteNumber("from", RevisionFilter.Revision(state.from)!.Value);
            writer.WriteNumber("to", RevisionFilter.Revision(state.to)!.Value);
            DifferenceJson.WriteArray(writer, "difference", FieldDifference.Between(MaskedJson.Of(state.Key, state.before.Value), MaskedJson.Of(state.Key, state.after.Value)));
        });
    }
}
