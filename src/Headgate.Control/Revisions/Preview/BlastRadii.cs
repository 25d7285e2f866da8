using Headgate.Control.AdminApi.References;
using Headgate.Control.Groups;
using Headgate.Control.Instances;
using Headgate.Core.Config;

namespace Headgate.Control.Revisions.Preview;

/// <summary>Finds what an edit concerns, by walking from an object to those that name it, and on.</summary>
internal sealed class BlastRadii(ObjectIndex index, WorkspaceRules rules, GroupRates rates)
{
    /// <summary>What an edit or a deletion of <paramref name="key"/> concerns, as far as the index knows. A route is concerned by its own edit, as are global rules and consumers.</summary>
    public BlastRadius Of(string key)
    {
        IReadOnlyDictionary<string, double>? now = rates.Now;
        var found = new OrderedDictionary<string, Concerned>(StringComparer.Ordinal);
        ResourceKind? edited = ResourceKinds.TryParseKey(key, out ResourceKind kind, out _) ? kind : null;
        if (edited is ResourceKind.Route or ResourceKind.GlobalRule or ResourceKind.Consumer)
            found.Add(key, Make(key, [], now));
        var next = new Queue<string>([key]);
        while (next.TryDequeue(out string? target))
        {
            foreach (string user in index.UsersOf(target))
            {
                if (IsConcerned(user, target, found, out IReadOnlyList<Reference> by) && !TryAddReferences(found, user, by))
                {
                    found.Add(user, Make(user, by, now));
                    next.Enqueue(user);
                }
            }
        }

        Concerned[] objects = [.. found.Values];
        bool everything = objects.Any(static one => ResourceKinds.TryParseKey(one.Key, out ResourceKind of, out _) && of == ResourceKind.GlobalRule);
        return new BlastRadius(objects, edited is not (ResourceKind.PluginMetadata or ResourceKind.Secret), everything ? now?.Values.Sum() : Sum(objects));
    }

    /// <summary>An object may be found by two ways; it is gone on from once.</summary>
    private static bool TryAddReferences(OrderedDictionary<string, Concerned> found, string user, IReadOnlyList<Reference> by)
    {
        if (!found.TryGetValue(user, out Concerned? known))
            return false;
        found[user] = known with { By = [.. known.By, .. by] };
        return true;
    }

    private static double? Sum(Concerned[] objects)
    {
        double[] known = [.. objects.Select(static one => one.RequestsPerSecond).OfType<double>()];
        return known.Length == 0 ? null : known.Sum();
    }

    /// <summary>
    /// A credential names its consumer and is part of it, and not concerned. A route that has an upstream of its own is not concerned by its service's, but by everything else of the
    /// service.
    /// </summary>
    private bool IsConcerned(string user, string target, OrderedDictionary<string, Concerned> found, out IReadOnlyList<Reference> by)
    {
        by = [];
        if (!index.TryGet(user, out IndexedObject? known) || (ResourceKinds.TryParseKey(user, out ResourceKind kind, out _) && kind == ResourceKind.Credential))
            return false;
        by = [.. known.References.Where(reference => reference.TargetKey == target)];
        bool onlyUpstream = found.TryGetValue(target, out Concerned? through) && through.By.Count > 0 && through.By.All(IsOfOwnUpstream);
        return by.Count > 0 && !(onlyUpstream && known.HasUpstream && by.All(static reference => reference.Path == "service_id"));
    }

    private static bool IsOfOwnUpstream(Reference reference) => reference.Path == "upstream_id" || reference.Path.StartsWith("upstream.", StringComparison.Ordinal);

    private Concerned Make(string key, IReadOnlyList<Reference> by, IReadOnlyDictionary<string, double>? now)
    {
        if (!ResourceKinds.TryParseKey(key, out ResourceKind kind, out string id))
            return new Concerned(key, by, null);
        return new Concerned(key, by, kind == ResourceKind.Route ? now?.GetValueOrDefault(id) : null) { Workspace = WorkspaceRules.IsOwned(kind) ? rules.WorkspaceOf(kind, key) : null };
    }
}
