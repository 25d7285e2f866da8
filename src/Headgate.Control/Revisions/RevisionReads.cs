using System.Globalization;
using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Control.Revisions.Differences;
using Headgate.Store;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Revisions;

/// <summary>Answers what was changed: the audit log, one revision, and all objects of a kind as they were after one.</summary>
internal sealed class RevisionReads(GroupScope scope)
{
    private readonly ObjectHistory _history = scope.History;

    /// <summary>Most objects of an answer.</summary>
    private const int ObjectsMax = 20_000;

    /// <summary>The changes that pass the filters, newest first. <paramref name="key"/>: of this object alone; null = of all that the filters name.</summary>
    public async ValueTask<AdminResponse> SearchAsync(string? key, AdminRequest request)
    {
        if (RevisionExport.Format(request, out string? format) is { } wrongFormat)
            return wrongFormat;
        if (RevisionFilter.Read(request.Query, key, out RevisionFilter filter) is { } refusal)
            return refusal;
        Func<HistoryRecord, CancellationToken, ValueTask<bool>> passes = (record, aborted) => PassesAsync(filter, record, request.Workspace, aborted);
        return await RevisionSearch.AnswerAsync(format, filter.Query, passes, _history, request.Aborted);
    }

    private ValueTask<bool> PassesAsync(RevisionFilter filter, HistoryRecord record, string workspace, CancellationToken aborted) =>
        filter.Passes(record.Key) ? scope.PastOwners.SeesAsync(workspace, record, aborted) : ValueTask.FromResult(false);

    /// <summary>Everything that one revision changed.</summary>
    public async ValueTask<AdminResponse> RevisionAsync(string text, AdminRequest request)
    {
        if (await RefuseAsync(text, request.Aborted) is { } refusal)
            return refusal;
        long revision = RevisionFilter.Revision(text)!.Value;
        List<HistoryRecord> changes = [];
        foreach (HistoryRecord record in await _history.RevisionAsync(revision, request.Aborted))
        {
            if (await scope.PastOwners.SeesAsync(request.Workspace, record, request.Aborted))
                changes.Add(record);
        }

        if (changes.Count == 0)
        {
            long forgotten = await _history.CompactedAsync(request.Aborted);
            return revision <= forgotten ? Forgotten(revision, forgotten) : AdminResponse.Error(404, $"revision {revision} changed nothing of this gateway group and workspace");
        }

        return AdminResponse.Object(200, changes, static (writer, records) =>
        {
            writer.WriteNumber("revision", records[0].Revision);
            writer.WriteNumber("time", RevisionJson.Seconds(records[0].Time));
            writer.WriteString("who", records[0].Origin.Who);
            writer.WriteString("where", records[0].Origin.Where);
            writer.WriteString("why", records[0].Origin.Why);
            writer.WriteStartArray("changes");
            foreach (HistoryRecord record in records)
            {
                writer.WriteStartObject();
                RevisionJson.WriteKey(writer, record.Key);
                writer.WriteString("change", RevisionJson.Change(record));
                DifferenceJson.WriteArray(writer, "difference", RevisionJson.Difference(record));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    /// <summary>All objects of a kind as they were after a revision.</summary>
    public async ValueTask<AdminResponse> KindAsync(string text, string plural, AdminRequest request)
    {
        if (RevisionFilter.KindOf(plural) is not { } kind)
            return AdminResponse.Error(404, "Unsupported resource type: " + plural);
        if (await RefuseAsync(text, request.Aborted) is { } refusal)
            return refusal;
        long revision = RevisionFilter.Revision(text)!.Value;
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? all = await _history.AllAtAsync(RevisionFilter.PrefixOf(kind), revision, request.Aborted);
        if (await _history.CompactedAsync(request.Aborted) is var forgotten && revision < forgotten)
            return Forgotten(revision, forgotten);
        if (all is null)
            return AdminResponse.Error(400, $"more than {ObjectHistory.UndoneMax} changes of {plural} were made since revision {revision}; ask for single objects, or for a later revision");
        if (all.Count > ObjectsMax)
            return AdminResponse.Error(400, $"there were {all.Count} {plural} after revision {revision}, and an answer holds {ObjectsMax}; ask for single objects");
        var filter = new RevisionFilter(new HistoryQuery(), kind);
        List<KeyValuePair<string, ReadOnlyMemory<byte>>> objects = [];
        foreach (KeyValuePair<string, ReadOnlyMemory<byte>> one in all.Where(one => filter.Passes(one.Key)))
        {
            if (await scope.PastOwners.SeesAsync(request.Workspace, one.Key, revision, request.Aborted))
                objects.Add(one);
        }

        return AdminResponse.Object(200, (objects, revision), static (writer, state) =>
        {
            writer.WriteNumber("revision", state.revision);
            writer.WriteStartArray("list");
            foreach ((string key, ReadOnlyMemory<byte> value) in state.objects)
            {
                writer.WriteStartObject();
                RevisionJson.WriteKey(writer, key);
                writer.WritePropertyName("value");
                MaskedJson.Write(writer, MaskedJson.Of(key, value)!.Value);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", state.objects.Count);
        });
    }

    /// <summary>Null when <paramref name="text"/> is a revision that there has been.</summary>
    public async ValueTask<AdminResponse?> RefuseAsync(string text, CancellationToken aborted)
    {
        if (RevisionFilter.Revision(text) is not { } revision)
            return AdminResponse.Error(400, $"{Shortened(text)} is no revision; allowed: a number from 1");
        long newest = await _history.NewestAsync(aborted);
        return revision <= newest ? null : AdminResponse.Error(404, $"there is no revision {revision} yet; the newest is {newest}");
    }

    /// <summary>What happened up to a revision is not known any more.</summary>
    public static AdminResponse Forgotten(long revision, long forgotten) => AdminResponse.Error(
        StatusCodes.Status410Gone,
        string.Create(CultureInfo.InvariantCulture, $"what there was after revision {revision} is not known any more: ")
            + (forgotten > 0 ? string.Create(CultureInfo.InvariantCulture, $"the history up to revision {forgotten} was forgotten (headgate.history.days)") : "the history does not reach back that far"));

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
