using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Groups;

/// <summary>
/// Whether a workspace may have the hosts that are written for it: they are no other workspace's, nobody else in the group answers for one of them, and those it has do not change while it
/// has routes. Decided from a read of the store, which the transaction compares.
/// </summary>
internal static class HostClaims
{
    private const int NamedMax = 10;

    private static readonly ResourceKind[] HaveHosts = [ResourceKind.Route, ResourceKind.Service, ResourceKind.Ssl];

    /// <summary>The refusal, or what must hold while the workspace is written. <paramref name="stored"/>: as it is; null = it is new.</summary>
    public static async ValueTask<(AdminResponse? Refusal, IReadOnlyList<Compare> Compares)> CheckAsync(
        GroupScope scope, string id, JsonElement body, StoreEntry? stored, CancellationToken cancellationToken)
    {
        string[] wanted = Hosts(id, body);
        string[] before = stored is not null && StoredJson.Object(stored.Value) is { } value ? Hosts(id, value) : [];
        if (stored is not null && wanted.Order(StringComparer.Ordinal).SequenceEqual(before.Order(StringComparer.Ordinal)))
            return (null, []);

        string directory = RecordKeys.Workspaces(scope.Group);
        StoreView tenancy = await scope.Store.GetAsync(RecordKeys.Tenancy(scope.Group), cancellationToken);
        foreach (StoreEntry entry in tenancy.Entries)
            scope.Tenancy.Learn(new StoreChange(entry.Key, entry), entry.ModRevision);
        foreach (KnownWorkspace other in scope.Tenancy.Workspaces().Where(other => other.Id != id))
        {
            if (wanted.FirstOrDefault(host => other.Config!.Hosts.Items.Any(taken => HostPatterns.Overlap(taken, host))) is { } taken)
                return (AdminResponse.Error(400, $"hosts: {taken} belongs to workspace {other.Id} of this gateway group"), []);
        }

        List<string> users = [];
        List<Compare> compares = [new Compare.RangeNotWrittenSince(directory, tenancy.Revision)];
        foreach (ResourceKind kind in HaveHosts)
        {
            StoreView view = await scope.Store.GetAsync(kind.Key(""), cancellationToken);
            compares.Add(new Compare.RangeNotWrittenSince(kind.Key(""), view.Revision));
            foreach (StoreEntry entry in view.Entries)
            {
                bool isOwn = scope.Tenancy.OwnerOf(entry.Key)?.Workspace == id;
                if (isOwn && kind == ResourceKind.Route)
                    return (AdminResponse.Error(409, $"hosts of workspace {id} cannot change while it has routes; {entry.Key} is one"), []);
                if (StoredJson.Object(entry.Value) is { } value2 && WorkspaceRules.HostsOf(value2).Any(of => isOwn ? !Covered(wanted, of.Host) : wanted.Any(host => HostPatterns.Overlap(host, of.Host))))
                    users.Add(entry.Key);
            }
        }

        return users.Count == 0 ? (null, compares)
            : (AdminResponse.Error(409, $"hosts: {string.Join(", ", users.Take(NamedMax))}{(users.Count > NamedMax ? $" and {users.Count - NamedMax} more" : "")} would have hosts that are not theirs"), []);
    }

    private static bool Covered(string[] patterns, string host) => patterns.Length == 0 || patterns.Any(pattern => HostPatterns.Covers(pattern, host));

    private static string[] Hosts(string id, JsonElement value) => ConfigParser.ParseWorkspace(id, value, new ConfigErrors())?.Hosts.Items.ToArray() ?? [];
}
