using System.Globalization;
using Headgate.Control.AdminApi;
using Headgate.Core.Config;
using Headgate.Store;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Revisions;

/// <summary>What of the history a request asks for, read from its arguments.</summary>
/// <param name="Query">What the store looks for.</param>
/// <param name="Kind">The kind that objects must be of, which a prefix alone cannot say of consumers; null = any.</param>
internal readonly record struct RevisionFilter(HistoryQuery Query, ResourceKind? Kind)
{
    private const int PageSizeDefault = 50;
    private const int PageSizeMax = 500;
    private static readonly string[] Known = ["kind", "id", "key", "who", "from", "to", "before", "page_size", "format", "api_key", "workspace_id", "gateway_group_id"];

    /// <summary>Whether an object of that key may be shown.</summary>
    public bool Passes(string key) => Kind is null || (ResourceKinds.TryParseKey(key, out ResourceKind kind, out _) && kind == Kind);

    /// <summary>The refusal, or null and <paramref name="filter"/>. <paramref name="key"/>: the object whose history is asked for; null = the arguments say which.</summary>
    public static AdminResponse? Read(IQueryCollection arguments, string? key, out RevisionFilter filter)
    {
        filter = default;
        if (arguments.Keys.FirstOrDefault(name => !Known.Contains(name) || (key is not null && name is "kind" or "id" or "key")) is { } unknown)
            return Invalid(unknown, $"allowed: {string.Join(", ", Known.Where(name => name is not ("api_key" or "gateway_group_id") && (key is null || name is not ("kind" or "id" or "key"))))}");
        HistoryQuery query = new() { Prefix = ObjectHistory.Prefix, Key = key, Limit = PageSizeDefault };
        ResourceKind? kind = null;
        if (key is null && ReadObject(arguments, ref query, ref kind) is { } wrongObject)
            return wrongObject;
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
            if (Revision(before) is not { } revision)
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
        }
        catch (ArgumentException exception)
        {
            return AdminResponse.Error(400, $"invalid argument: {exception.Message}");
        }

        filter = new RevisionFilter(query, kind);
        return null;
    }

    /// <summary>The kind that a plural names, credentials and Headgate's own included; null = none.</summary>
    public static ResourceKind? KindOf(string plural)
    {
        foreach (ResourceKind kind in Enum.GetValues<ResourceKind>())
        {
            if (kind.Plural() == plural)
                return kind;
        }

        return null;
    }

    /// <summary>With what the keys of a kind's objects begin: those of credentials with what those of consumers do.</summary>
    public static string PrefixOf(ResourceKind kind) => kind.Key("");

    /// <summary>A revision as text; null = it is none.</summary>
    public static long? Revision(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long revision) && revision is > 0 and < long.MaxValue ? revision : null;

    private const string TimeForm = "allowed: seconds of Unix time, or a time such as 2026-01-31T12:00:00Z";

    private static AdminResponse? ReadObject(IQueryCollection arguments, ref HistoryQuery query, ref ResourceKind? kind)
    {
        string? id = Argument(arguments, "id");
        if (Argument(arguments, "kind") is { } plural)
        {
            kind = KindOf(plural);
            if (kind is not { } known)
                return Invalid("kind", $"allowed: {string.Join(", ", Enum.GetValues<ResourceKind>().Select(one => one.Plural()))}");
            query = id is null ? query with { Prefix = PrefixOf(known) } : query with { Key = known.Key(id) };
        }
        else if (id is not null)
        {
            return Invalid("id", "it needs the argument kind beside it");
        }

        if (Argument(arguments, "key") is not { } key)
            return null;
        if (kind is not null)
            return Invalid("key", "it goes without the argument kind");
        string full = key.StartsWith('/') ? key : ObjectHistory.Prefix + key;
        if (!full.StartsWith(ObjectHistory.Prefix, StringComparison.Ordinal))
            return Invalid("key", $"keys of objects begin with {ObjectHistory.Prefix}");
        query = query with { Prefix = full };
        return null;
    }

    private static string? Argument(IQueryCollection arguments, string name) => arguments.TryGetValue(name, out var value) ? value[^1] : null;

    private static DateTimeOffset? Time(string text)
    {
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) && seconds < 100_000_000_000m)
            return DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000));
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time) ? time : null;
    }

    private static AdminResponse Invalid(string argument, string why) => AdminResponse.Error(400, $"invalid argument {argument}; {why}");
}
