using System.Globalization;
using System.Text;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.Revisions.Differences;
using Headgate.Store;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Revisions;

/// <summary>
/// The audit log as a file: <c>csv</c> for spreadsheets, <c>jsonl</c> (a JSON object a line) for programs. Written while it is read, a page of the store at a time. It ends with a whole
/// revision after <see cref="ChangesMax"/> changes; who wants the rest asks with <c>before</c> set to the last revision of the file.
/// </summary>
internal static class RevisionExport
{
    /// <summary>Changes of one export, but for the rest of the last revision.</summary>
    public const int ChangesMax = 100_000;

    /// <summary>Changes that are read at a time.</summary>
    private const int PageSize = 250;

    private static readonly string[] Columns = ["revision", "time", "who", "where", "why", "change", "kind", "id", "key", "difference"];

    /// <summary>The refusal of a format that there is not, or null and the format: <c>csv</c>, <c>jsonl</c>; null for JSON in pages. The argument goes before <c>Accept</c>.</summary>
    public static AdminResponse? Format(AdminRequest request, out string? format)
    {
        format = request.Query["format"].ToString();
        if (format.Length == 0)
            format = request.Accept.Contains("text/csv", StringComparison.OrdinalIgnoreCase) ? "csv" : request.Accept.Contains("application/jsonl", StringComparison.OrdinalIgnoreCase) ? "jsonl" : "json";
        if (format is not ("json" or "csv" or "jsonl"))
            return AdminResponse.Error(StatusCodes.Status400BadRequest, "invalid argument format; allowed: json, csv, jsonl");
        format = format == "json" ? null : format;
        return null;
    }

    /// <summary>The file of what <paramref name="query"/> finds and <paramref name="passes"/> lets through.</summary>
    public static AdminResponse Of(string format, HistoryQuery query, Func<HistoryRecord, CancellationToken, ValueTask<bool>> passes, ObjectHistory history) => format == "csv"
        ? AdminResponse.Stream("text/csv; charset=utf-8; header=present", (body, aborted) => WriteAsync(body, history.AllAsync(query with { Limit = PageSize }, aborted), passes, string.Join(',', Columns) + "\r\n", CsvLine, aborted))
        : AdminResponse.Stream("application/jsonl; charset=utf-8", (body, aborted) => WriteAsync(body, history.AllAsync(query with { Limit = PageSize }, aborted), passes, "", JsonLine, aborted));

    private static async Task WriteAsync(
        Stream body, IAsyncEnumerable<HistoryRecord> records, Func<HistoryRecord, CancellationToken, ValueTask<bool>> passes, string head, Func<HistoryRecord, string> line, CancellationToken aborted)
    {
        await body.WriteAsync(Encoding.UTF8.GetBytes(head), aborted);
        (int written, long last) = (0, 0);
        await foreach (HistoryRecord record in records)
        {
            if (!await passes(record, aborted))
                continue;
            if (written >= ChangesMax && record.Revision != last)
                return;
            await body.WriteAsync(Encoding.UTF8.GetBytes(line(record)), aborted);
            await LeaveIoThread.Now; // a client that reads slowly may have us go on where its connection is served
            (written, last) = (written + 1, record.Revision);
        }
    }

    private static string JsonLine(HistoryRecord record) => Encoding.UTF8.GetString(JsonText.Build(record, static (writer, written) =>
    {
        writer.WriteStartObject();
        RevisionJson.WriteMembers(writer, written);
        writer.WriteEndObject();
    }).Span) + "\n";

    private static string CsvLine(HistoryRecord record)
    {
        (string kind, string id) = RevisionJson.NameOf(record.Key) ?? ("", "");
        string[] cells =
        [
            record.Revision.ToString(CultureInfo.InvariantCulture), record.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            record.Origin.Who, record.Origin.Where, record.Origin.Why, RevisionJson.Change(record), kind, id, record.Key,
            DifferenceJson.Line(RevisionJson.Difference(record)),
        ];
        return string.Join(',', cells.Select(Cell)) + "\r\n";
    }

    /// <summary>Quoted as RFC 4180 has it; a spreadsheet takes a text that begins like a formula for one, unless an apostrophe stands before it.</summary>
    private static string Cell(string text)
    {
        string safe = text.Length > 0 && text[0] is ('=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '|' or '%') ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n'") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
