using System.Globalization;
using Headgate.Control.AdminApi;
using Headgate.Control.Revisions.Differences;
using Headgate.Core.Config;
using Headgate.Store;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Revisions;

/// <summary>Answers what was changed: the audit log, one revision, and all objects of a kind as they were after one.</summary>
internal sealed class RevisionReads(ObjectHistory history)
{
    /// <summary>Pages of the store that one search looks at: what finds little answers a short page, and where to go on.</summary>
    private const int PagesMax = 20;

    /// <summary>Most objects of an answer.</summary>
    private const int ObjectsMax = 20_000;

    /// <summary>The changes that pass the filters, newest first.</summary>
    public async ValueTask<AdminResponse> SearchAsync(AdminRequest request)
    {
        if (RevisionExport.Format(request, out string? format) is { } wrongFormat)
            return wrongFormat;
        if (RevisionFilter.Read(request.Query, null, out RevisionFilter filter) is { } refusal)
            return refusal;
        return format is null ? await PageAsync(filter, request.Aborted) : RevisionExport.Of(format, filter, history);
    }

    /// <summary>A page of the changes that pass <paramref name="filter"/>.</summary>
    public async ValueTask<AdminResponse> PageAsync(RevisionFilter filter, CancellationToken aborted)
    {
        List<HistoryRecord> found = [];
        HistoryQuery query = filter.Query;
        HistoryPage page = new([], null);
        for (int pages = 0; pages < PagesMax; pages++)
        {
            page = await history.PageAsync(query with { Limit = filter.Query.Limit - found.Count }, aborted);
            found.AddRange(page.Records.Where(record => filter.Passes(record.Key)));
            if (page.Before is not { } before || found.Count >= filter.Query.Limit)
                break;
            query = query with { Before = before };
        }

        return AdminResponse.Object(200, (found, page), static (writer, state) =>
        {
            writer.WriteStartArray("list");
            foreach (HistoryRecord record in state.found)
            {
                writer.WriteStartObject();
                RevisionJson.WriteMembers(writer, record);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            if (state.page.Before is { } before)
                writer.WriteNumber("before", before);
            else
                writer.WriteNull("before");
            if (state.page.Compacted > 0)
                writer.WriteNumber("forgotten", state.page.Compacted);
        });
    }

    /// <summary>Everything that one revision changed.</summary>
    public async ValueTask<AdminResponse> RevisionAsync(string text, AdminRequest request)
    {
        if (await RefuseAsync(text, request.Aborted) is { } refusal)
            return refusal;
        long revision = RevisionFilter.Revision(text)!.Value;
        IReadOnlyList<HistoryRecord> changes = await history.RevisionAsync(revision, request.Aborted);
        if (changes.Count == 0)
        {
            long forgotten = await history.CompactedAsync(request.Aborted);
            return revision <= forgotten ? Forgotten(revision, forgotten) : AdminResponse.Error(404, $"revision {revision} changed nothing of this gateway group");
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
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? all = await history.AllAtAsync(RevisionFilter.PrefixOf(kind), revision, request.Aborted);
        if (await history.CompactedAsync(request.Aborted) is var forgotten && revision < forgotten)
            return Forgotten(revision, forgotten);
        if (all is null)
            return AdminResponse.Error(400, $"more than {ObjectHistory.UndoneMax} changes of {plural} were made since revision {revision}; ask for single objects, or for a later revision");
        var filter = new RevisionFilter(new HistoryQuery(), kind);
        KeyValuePair<string, ReadOnlyMemory<byte>>[] objects = [.. all.Where(one => filter.Passes(one.Key))];
        if (objects.Length > ObjectsMax)
            return AdminResponse.Error(400, $"there were {objects.Length} {plural} after revision {revision}, and an answer holds {ObjectsMax}; ask for single objects");
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
            writer.WriteNumber("total", state.objects.Length);
        });
    }

    /// <summary>Null when <paramref name="text"/> is a revision that there has been.</summary>
    public async ValueTask<AdminResponse?> RefuseAsync(string text, CancellationToken aborted)
    {
        if (RevisionFilter.Revision(text) is not { } revision)
            return AdminResponse.Error(400, $"{Shortened(text)} is no revision; allowed: a number from 1");
        long newest = await history.NewestAsync(aborted);
        return revision <= newest ? null : AdminResponse.Error(404, $"there is no revision {revision} yet; the newest is {newest}");
    }

    /// <summary>What happened up to a revision is not known any more.</summary>
    public static AdminResponse Forgotten(long revision, long forgotten) => AdminResponse.Error(
        StatusCodes.Status410Gone,
        string.Create(CultureInfo.InvariantCulture, $"what there was after revision {revision} is not known any more: the history up to revision {forgotten} was forgotten (headgate.history.days)"));

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
