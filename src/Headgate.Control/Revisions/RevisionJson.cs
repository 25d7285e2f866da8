using System.Text.Json;
using Headgate.Control.Revisions.Audit;
using Headgate.Control.Revisions.Differences;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Revisions;

/// <summary>Changes of the history as they are shown.</summary>
internal static class RevisionJson
{
    /// <summary>Who a store says it was when a <c>ttl</c> ran out.</summary>
    private const string Expiry = "expiry";

    /// <summary>What a change did: <c>created</c>, <c>updated</c>, <c>deleted</c>, or <c>expired</c> when its <c>ttl</c> ran out.</summary>
    public static string Change(HistoryRecord record) => (record.Before, record.After) switch
    {
        (null, not null) => "created",
        (_, null) => record.Origin is { Who: Expiry, Where: "local" } ? "expired" : "deleted",
        _ => "updated",
    };

    /// <summary>What differs after the change, secrets masked.</summary>
    public static IReadOnlyList<FieldChange> Difference(HistoryRecord record) =>
        FieldDifference.Between(MaskedJson.Of(record.Key, record.Before), MaskedJson.Of(record.Key, record.After));

    /// <summary>Writes the members of one change.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, HistoryRecord record)
    {
        writer.WriteNumber("revision", record.Revision);
        writer.WriteNumber("time", Seconds(record.Time));
        writer.WriteString("who", record.Origin.Who);
        writer.WriteString("where", record.Origin.Where);
        writer.WriteString("why", record.Origin.Why);
        writer.WriteString("change", Change(record));
        WriteKey(writer, record.Key);
        DifferenceJson.WriteArray(writer, "difference", Difference(record));
    }

    /// <summary>Writes by what an object is known: its key, kind and id.</summary>
    public static void WriteKey(Utf8JsonWriter writer, string key)
    {
        writer.WriteString("key", key);
        if (NameOf(key) is not var (kind, id))
            return;
        writer.WriteString("kind", kind);
        writer.WriteString("id", id);
        if (AuditKinds.Of(key) is { Group: { } group })
            writer.WriteString("gateway_group_id", group);
    }

    /// <summary>The kind and id of an object, or of a record beside the objects; null when the key is of neither.</summary>
    public static (string Kind, string Id)? NameOf(string key) =>
        ResourceKinds.TryParseKey(key, out ResourceKind kind, out string id) ? (kind.Plural(), id) : AuditKinds.Of(key) is { } record ? (record.Kind.Name, record.Id) : null;

    /// <summary>Unix time in seconds, to the millisecond.</summary>
    public static decimal Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000m;
}
