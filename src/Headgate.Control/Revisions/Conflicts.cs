using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Revisions.Differences;
using Headgate.Store;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Revisions;

/// <summary>
/// The answer to a write whose <c>If-Match</c> did not hold: 412, with what has changed since the revision that the client has seen, and who changed it. So two administrators who edit
/// one object need not read it again to see what the other did.
/// </summary>
internal sealed class Conflicts(ObjectHistory history, PastOwners owners)
{
    /// <summary>Changes that are named; the difference covers all.</summary>
    private const int ChangesMax = 20;

    /// <summary>The answer. <paramref name="why"/>: begins it, as APISIX's errors do. <paramref name="present"/>: the revision that last wrote the object; null = there is none.</summary>
    public async ValueTask<AdminResponse> AnswerAsync(string why, AdminRequest request, ObjectPath path, long? present)
    {
        long now = present ?? await history.NewestAsync(request.Aborted);
        if (Preconditions.Seen(request) is not { } seen || seen >= now || !await owners.SeesAsync(request.Workspace, path.Key, present ?? seen, request.Aborted))
            return AdminResponse.Error(StatusCodes.Status412PreconditionFailed, why);
        PastObject before = await history.AtAsync(path.Key, seen, request.Aborted);
        if (!before.IsKnown)
            return AdminResponse.Error(StatusCodes.Status412PreconditionFailed, why);
        PastObject after = await history.AtAsync(path.Key, now, request.Aborted);
        HistoryPage changes = await history.PageAsync(new HistoryQuery { Key = path.Key, Before = now + 1, Limit = ChangesMax }, request.Aborted);
        IReadOnlyList<FieldChange> difference = FieldDifference.Between(MaskedJson.Of(path.Key, before.Value), MaskedJson.Of(path.Key, after.Value));
        return AdminResponse.Object(StatusCodes.Status412PreconditionFailed, (why, seen, present, difference, changes), static (writer, state) =>
        {
            writer.WriteString("error_msg", state.why);
            writer.WriteNumber("seen", state.seen);
            if (state.present is { } modified)
                writer.WriteNumber("modifiedIndex", modified);
            DifferenceJson.WriteArray(writer, "difference", state.difference);
            writer.WriteStartArray("changes");
            foreach (HistoryRecord record in state.changes.Records.TakeWhile(record => record.Revision > state.seen))
            {
                writer.WriteStartObject();
                writer.WriteNumber("revision", record.Revision);
                writer.WriteNumber("time", RevisionJson.Seconds(record.Time));
                writer.WriteString("who", record.Origin.Who);
                writer.WriteString("why", record.Origin.Why);
                writer.WriteString("change", RevisionJson.Change(record));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }
}
