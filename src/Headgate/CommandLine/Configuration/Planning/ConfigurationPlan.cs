using System.Text.Json.Nodes;
using Headgate.CommandLine.Configuration.Files;
using Headgate.CommandLine.Configuration.Live;
using Headgate.Control.Revisions.Differences;
using Headgate.Core.Config;

namespace Headgate.CommandLine.Configuration.Planning;

/// <summary>What has to be done so that a gateway has what files say.</summary>
/// <param name="Steps">In the order in which the gateway takes them.</param>
/// <param name="Unchanged">Objects of the files that the gateway has already.</param>
internal sealed record ConfigurationPlan(IReadOnlyList<PlannedChange> Steps, int Unchanged)
{
    /// <summary>The kinds that a plan has to know of a gateway.</summary>
    public static IEnumerable<ResourceKind> KindsOf(WantedConfiguration wanted) =>
        ObjectName.WriteOrder.Where(kind => wanted.Mentioned.Contains(kind) || (kind == ResourceKind.Credential && wanted.Mentioned.Contains(ResourceKind.Consumer)));

    /// <summary>The plan.</summary>
    /// <param name="wanted">What the files say.</param>
    /// <param name="live">What the gateway has of <see cref="KindsOf"/>.</param>
    /// <param name="prune">Whether what is in no file is deleted, of the kinds that the files mention; of credentials, those of consumers that say which they have.</param>
    public static ConfigurationPlan Make(WantedConfiguration wanted, IReadOnlyList<LiveObject> live, bool prune)
    {
        Dictionary<ObjectName, LiveObject> known = live.ToDictionary(static one => one.Name);
        PlannedChange[] writes = [.. wanted.Objects.Select(one => Write(one, known.GetValueOrDefault(one.Name))).OfType<PlannedChange>()];
        PlannedChange[] deletions = !prune ? [] :
        [
            .. live.Where(one => wanted.Find(one.Name) is null && IsPruned(wanted, one.Name))
                .OrderByDescending(static one => ObjectName.WriteOrder.IndexOf(one.Name.Kind)).ThenBy(static one => one.Name.Id, StringComparer.Ordinal).Select(Delete),
        ];

        // What only one object may have is given up before another takes it.
        HashSet<string> taken = [.. wanted.Objects.SelectMany(static one => UniqueKeys.Of(one.Name, one.Value))];
        bool GoesFirst(PlannedChange deletion) => UniqueKeys.Of(deletion.Name, known[deletion.Name].Value).Any(taken.Contains);
        return new ConfigurationPlan([.. deletions.Where(GoesFirst), .. writes, .. deletions.Where(deletion => !GoesFirst(deletion))], wanted.Objects.Count - writes.Length);
    }

    private static bool IsPruned(WantedConfiguration wanted, ObjectName name)
    {
        if (name.Kind != ResourceKind.Credential)
            return wanted.Mentioned.Contains(name.Kind);
        string consumer = ResourceKinds.ConsumerOf(name.Id);
        return wanted.WithCredentials.Contains(consumer) || wanted.Find(new ObjectName(ResourceKind.Consumer, consumer)) is null;
    }

    private static PlannedChange? Write(WantedObject wanted, LiveObject? live)
    {
        IReadOnlyList<FieldChange> fields = ComparableObject.Difference(wanted.Name, live?.Value ?? [], wanted.Value);
        if (live is null)
            return new PlannedChange(wanted.Name, PlannedAction.Create, fields, wanted.Value, 0);
        if (fields.Count == 0)
            return null;
        bool merges = wanted.Name.Kind == ResourceKind.Ssl && !ComparableObject.HasKey(wanted.Value);
        return new PlannedChange(wanted.Name, PlannedAction.Update, fields, merges ? Patch(live.Value, wanted.Value) : wanted.Value, live.Revision, merges);
    }

    /// <summary>The gateway has the private key and does not give it back; a patch leaves it where it is.</summary>
    private static JsonObject Patch(JsonObject live, JsonObject wanted)
    {
        var before = (JsonObject)live.DeepClone();
        foreach (string given in (IEnumerable<string>)["id", .. ObjectName.Times])
            before.Remove(given);
        JsonObject patch = MergePatch.Between(before, wanted);
        patch.Remove("id");
        return patch;
    }

    private static PlannedChange Delete(LiveObject live) =>
        new(live.Name, PlannedAction.Delete, ComparableObject.Difference(live.Name, live.Value, []), null, live.Revision);
}
