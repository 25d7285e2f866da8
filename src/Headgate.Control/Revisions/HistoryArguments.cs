using System.Globalization;
using Headgate.Control.AdminApi;
using Headgate.Store;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Revisions;

/// <summary>Arguments that every search of the history takes: who, when, and which page.</summary>
internal static class HistoryArguments
{
    private const int PageSizeDefault = 50;
    private const int PageSizeMax = 500;
    private const string TimeForm = "allowed: seconds of Unix time, or a time such as 2026-01-31T12:00:00Z";

    /// <summary>Their names; <c>format</c> is read by <see cref="RevisionExport.Format"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["who", "from", "to", "before", "page_size", "format"];

    /// <summary>The refusal, or null and <paramref name="query"/> with what they say added to it.</summary>
    public static AdminResponse? Read(IQueryCollection arguments, ref HistoryQuery query)
    {
        query = query with { Limit = PageSizeDefault };
        if (Argument(arguments, "who") is { } who)
            query = query with { Who = who };
        if (Argument(arguments, "from") is { } from)
        {
            if (Time(from) is not { } begin)
                return Invalid("from", TimeForm);
            query = query with { From = begin };
        }

        if (Argument(arguments, "to") is { } to)
        {
            if (Time(to) is not { } end)
                return Invalid("to", TimeForm);
            query = query with { To = end };
        }

        if (Argument(arguments, "before") is { } before)
        {
            if (RevisionFilter.Revision(before) is not { } revision)
                return Invalid("before", "allowed: a revision, from 1");
            query = query with { Before = revision };
        }

        if (Argument(arguments, "page_size") is { } size)
        {
            if (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int items) || items is < 1 or > PageSizeMax)
                return Invalid("page_size", $"allowed: 1 to {PageSizeMax}");
            query = query with { Limit = items };
        }

        try
        {
            query.Check();
            return null;
        }
        catch (ArgumentException exception)
        {
            return AdminResponse.Error(400, $"invalid argument: {exception.Message}");
        }
    }

    /// <summary>The refusal of an argument that there is not; null = all are known. <paramref name="silent"/>: taken, and named to nobody.</summary>
    public static AdminResponse? RefuseUnknown(IQueryCollection arguments, IReadOnlyCollection<string> known, params IReadOnlyCollection<string> silent) =>
        arguments.Keys.FirstOrDefault(name => !known.Contains(name) && !silent.Contains(name)) is { } unknown ? Invalid(unknown, $"allowed: {string.Join(", ", known)}") : null;

    /// <summary>An argument; null = it is not there.</summary>
    public static string? Argument(IQueryCollection arguments, string name) => arguments.TryGetValue(name, out var value) ? value[^1] : null;

    /// <summary>The refusal of an argument that cannot be.</summary>
    public static AdminResponse Invalid(string argument, string why) => AdminResponse.Error(400, $"invalid argument {argument}; {why}");

    private static DateTimeOffset? Time(string text)
    {
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) && seconds < 100_000_000_000m)
            return DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000));
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time) ? time : null;
    }
}
