using Headgate.Control.AdminApi;
using Headgate.Store;

namespace Headgate.Control.Revisions;

/// <summary>Answers with the changes that a search of the history finds: a page of JSON, or a file.</summary>
internal static class RevisionSearch
{
    /// <summary>Pages of the store that one search looks at: what finds little answers a short page, and where to go on.</summary>
    private const int PagesMax = 20;

    /// <summary>The answer. <paramref name="format"/>: of <see cref="RevisionExport.Format"/>. <paramref name="passes"/>: which of the changes that the query finds may be shown.</summary>
    public static async ValueTask<AdminResponse> AnswerAsync(
        string? format, HistoryQuery asked, Func<HistoryRecord, CancellationToken, ValueTask<bool>> passes, ObjectHistory history, CancellationToken aborted)
    {
        if (format is not null)
            return RevisionExport.Of(format, asked, passes, history);
        List<HistoryRecord> found = [];
        HistoryQuery query = asked;
        HistoryPage page = new([], null);
        for (int pages = 0; pages < PagesMax; pages++)
        {
            page = await history.PageAsync(query with { Limit = asked.Limit - found.Count }, aborted);
            foreach (HistoryRecord record in page.Records)
            {
                if (await passes(record, aborted))
                    found.Add(record);
            }

            if (page.Before is not { } before || found.Count >= asked.Limit)
                break;
            query = query with { Before = before };
        }

        return Page(found, page);
    }

    private static AdminResponse Page(List<HistoryRecord> found, HistoryPage last) => AdminResponse.Object(200, (found, last), static (writer, state) =>
    {
        writer.WriteStartArray("list");
        foreach (HistoryRecord record in state.found)
        {
            writer.WriteStartObject();
            RevisionJson.WriteMembers(writer, record);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (state.last.Before is { } before)
            writer.WriteNumber("before", before);
        else
            writer.WriteNull("before");
        if (state.last.Compacted > 0)
            writer.WriteNumber("forgotten", state.last.Compacted);
    });
}
