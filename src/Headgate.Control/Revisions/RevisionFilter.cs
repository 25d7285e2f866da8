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
    private static readonly string[] OfObjects = ["kind", "id", "key"];

    /// <summary>Whether an object of that key may be shown.</summary>
    public bool Passes(string key) => Kind is null || (ResourceKinds.TryParseKey(key, out ResourceKind kind, out _) && kind == Kind);

    /// <summary>The refusal, or null and <paramref name="filter"/>. <paramref name="key"/>: the object whose history is asked for; null = the arguments say which.</summary>
    public static AdminResponse? Read(IQueryCollection arguments, string? key, out RevisionFilter filter)
    {
        filter = default;
        string[] known = [.. key is null ? OfObjects : [], .. HistoryArguments.Names, "workspace_id"];
        if (HistoryArguments.RefuseUnknown(arguments, known, "api_key", "gateway_group_id") is { } unknown)
            return unknown;
        HistoryQuery query = new() { Prefix = ObjectHistory.Prefix, Key = key };
        ResourceKind? kind = null;
        if (key is null && ReadObject(arguments, ref query, ref kind) is { } wrongObject)
            return wrongObject;
        if (HistoryArguments.Read(arguments, ref query) is { } wrong)
            return wrong;
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

    private static AdminResponse? ReadObject(IQueryCollection arguments, ref HistoryQuery query, ref ResourceKind? kind)
    {
        string? id = HistoryArguments.Argument(arguments, "id");
        if (HistoryArguments.Argument(arguments, "kind") is { } plural)
        {
            kind = KindOf(plural);
            if (kind is not { } known)
                return HistoryArguments.Invalid("kind", $"allowed: {string.Join(", ", Enum.GetValues<ResourceKind>().Select(one => one.Plural()))}");
            query = id is null ? query with { Prefix = PrefixOf(known) } : query with { Key = known.Key(id) };
        }
        else if (id is not null)
        {
            return HistoryArguments.Invalid("id", "it needs the argument kind beside it");
        }

        if (HistoryArguments.Argument(arguments, "key") is not { } key)
            return null;
        if (kind is not null)
            return HistoryArguments.Invalid("key", "it goes without the argument kind");
        string full = key.StartsWith('/') ? key : ObjectHistory.Prefix + key;
        if (!full.StartsWith(ObjectHistory.Prefix, StringComparison.Ordinal))
            return HistoryArguments.Invalid("key", $"keys of objects begin with {ObjectHistory.Prefix}");
        query = query with { Prefix = full };
        return null;
    }
}
