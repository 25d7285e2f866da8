using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.AdminApi.References;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Groups;

/// <summary>
/// What a workspace may see and write. Ids are unique in a group; an object belongs to the workspace that made it. What concerns all traffic of a group (global rules, plugin metadata,
/// secrets, protos, registries) belongs to its default workspace, and acts for all.
/// </summary>
internal sealed class WorkspaceRules(Tenancy tenancy, IConfigStore store)
{
    private static readonly ResourceKind[] Owned =
    [
        ResourceKind.Upstream, ResourceKind.Route, ResourceKind.Service, ResourceKind.Consumer, ResourceKind.Credential, ResourceKind.ConsumerGroup, ResourceKind.PluginConfig, ResourceKind.Ssl,
    ];

    /// <summary>Of every write: a group that is being deleted gets no more objects. The default one is always there.</summary>
    private readonly Compare[] _groupIsThere = tenancy.Group == GatewayGroupConfig.DefaultId ? [] : [new Compare.Exists(RecordKeys.Group(tenancy.Group))];

    /// <summary>Whether objects of the kind belong to workspaces; the others concern all of a group.</summary>
    public static bool IsOwned(ResourceKind kind) => Owned.Contains(kind);

    /// <summary>Whether a workspace sees the object at <paramref name="key"/>, be it there or not.</summary>
    public bool Sees(string workspace, ResourceKind kind, string key) =>
        WorkspaceOf(kind, key) == workspace;

    /// <summary>The workspace whose object lies at <paramref name="key"/>, or would; the default one for what concerns all of the group.</summary>
    public string WorkspaceOf(ResourceKind kind, string key) =>
        Owned.Contains(kind) ? tenancy.OwnerOf(OwnedKey(kind, key))?.Workspace ?? WorkspaceConfig.DefaultId : WorkspaceConfig.DefaultId;

    /// <summary>Null when a workspace may have an object of the kind; else the refusal of a write.</summary>
    public static AdminResponse? Refuse(string workspace, ResourceKind kind) => workspace == WorkspaceConfig.DefaultId || Owned.Contains(kind) ? null : AdminResponse.Error(
        400, $"a {kind.Singular()} concerns all of the gateway group and belongs to its default workspace; workspace {workspace} may have {string.Join(", ", Owned.Select(owned => owned.Plural()))}");

    /// <summary>
    /// What the transaction of a put holds beside the object, or why the object cannot be this workspace's. <paramref name="exists"/>: whether the object is there, as the transaction
    /// compares it.
    /// </summary>
    public AdminResponse? Claim(string workspace, ObjectPath path, bool exists, TimeSpan? ttl, out OwnerClaim claim)
    {
        claim = new OwnerClaim(_groupIsThere, []);
        if (!Owned.Contains(path.Kind))
            return null;
        string key = OwnedKey(path.Kind, path.Key);
        string ownerKey = RecordKeys.Owner(tenancy.Group, key);
        Owner? owner = tenancy.OwnerOf(key);
        bool isOwn = (owner?.Workspace ?? WorkspaceConfig.DefaultId) == workspace;
        bool isBelow = path.Kind == ResourceKind.Credential; // owned with its consumer, which must be there
        if (!isOwn && (exists || isBelow))
            return isBelow ? AdminResponse.KeyNotFound() : AdminResponse.Error(409, $"the id {path.FullId} is taken: another workspace of the gateway group has a {path.Kind.Singular()} of that id");

        Compare asKnown = owner is null ? new Compare.Missing(ownerKey) : new Compare.UnchangedSince(ownerKey, owner.ModRevision);
        if (workspace == WorkspaceConfig.DefaultId)
        {
            // A record that is left of an object that someone else deleted goes with the first write of its id.
            claim = new OwnerClaim([asKnown, .. _groupIsThere], owner is null ? [] : [new Operation.Delete(ownerKey)]);
            return null;
        }

        if (tenancy.Find(workspace) is not { } home)
            return Unknown(workspace);
        bool writesRecord = !isBelow && (!isOwn || !exists || ttl is not null);
        claim = new OwnerClaim(
            [asKnown, new Compare.UnchangedSince(RecordKeys.Workspaces(tenancy.Group) + workspace, home.ModRevision), .. _groupIsThere],
            writesRecord ? [new Operation.Put(ownerKey, Tenancy.OwnerValue(workspace), ttl)] : []);
        return null;
    }

    /// <summary>What the transaction of a deletion holds beside it. The object is one that the workspace sees.</summary>
    public OwnerClaim Release(ObjectPath path)
    {
        if (!Owned.Contains(path.Kind))
            return new OwnerClaim([], []);
        string key = OwnedKey(path.Kind, path.Key);
        string ownerKey = RecordKeys.Owner(tenancy.Group, key);
        if (tenancy.OwnerOf(key) is not { } owner)
            return new OwnerClaim([new Compare.Missing(ownerKey)], []);
        return new OwnerClaim([new Compare.UnchangedSince(ownerKey, owner.ModRevision)], path.Kind == ResourceKind.Credential ? [] : [new Operation.Delete(ownerKey)]);
    }

    /// <summary>
    /// Objects that <paramref name="value"/> names and that another workspace owns: for this one they are not there. Decided by what is known: that an object of an id becomes another
    /// workspace's at the same moment makes no harm that the next read does not show.
    /// </summary>
    public IEnumerable<ConfigError> Foreign(string workspace, string key, JsonElement value)
    {
        foreach (Reference reference in ReferenceReader.Read(key, value))
        {
            if (ResourceKinds.TryParseKey(reference.TargetKey, out ResourceKind kind, out _) && Owned.Contains(kind) && !Sees(workspace, kind, reference.TargetKey))
                yield return ObjectCommits.Error(reference);
        }
    }

    /// <summary>Hosts of a route, service or certificate that are not the workspace's to have.</summary>
    public IEnumerable<ConfigError> Hosts(string workspace, ResourceKind kind, JsonElement value)
    {
        if (kind is not (ResourceKind.Route or ResourceKind.Service or ResourceKind.Ssl))
            yield break;
        IReadOnlyList<(string Path, string Host)> hosts = HostsOf(value);
        KnownWorkspace[] others = [.. tenancy.Workspaces().Where(other => other.Id != workspace)];
        string[] own = tenancy.Find(workspace)?.Config is { Hosts: { Count: > 0 } given } ? [.. given] : [];
        bool byService = kind == ResourceKind.Route && value.TryGetProperty("service_id", out _);
        if (own.Length > 0 && hosts.Count == 0 && !byService && kind != ResourceKind.Ssl)
            yield return new ConfigError("hosts", $"a {kind.Singular()} of workspace {workspace} needs hosts, below {string.Join(", ", own)}: without them it would answer for every host of the gateway group");
        foreach ((string path, string host) in hosts)
        {
            if (own.Length > 0 && !own.Any(pattern => HostPatterns.Covers(pattern, host)))
                yield return new ConfigError(path, $"{path} {host} is none of workspace {workspace}, which has {string.Join(", ", own)}");
            else if (others.FirstOrDefault(other => other.Config!.Hosts.Items.Any(pattern => HostPatterns.Overlap(pattern, host))) is { } holder)
                yield return new ConfigError(path, $"{path} {host} belongs to workspace {holder.Id} of this gateway group");
        }
    }

    /// <summary>What a request is told about a workspace that is not there.</summary>
    public AdminResponse Unknown(string workspace) => AdminResponse.Error(404, $"there is no workspace {workspace} in gateway group {tenancy.Group}");

    /// <summary>Takes in what a commit of this process did.</summary>
    public void Learn(OwnerClaim claim, long revision)
    {
        foreach (Operation operation in claim.Operations)
            tenancy.Learn(new StoreChange(operation.Key, operation is Operation.Put put ? new StoreEntry(put.Key, put.Value, revision, revision) : null), revision);
    }

    /// <summary>Reads anew who owns an object: what is known of it was not so.</summary>
    public async ValueTask RereadAsync(ObjectPath path, CancellationToken cancellationToken)
    {
        if (!Owned.Contains(path.Kind))
            return;
        string ownerKey = RecordKeys.Owner(tenancy.Group, OwnedKey(path.Kind, path.Key));
        StoreView view = await store.GetAsync(ownerKey, cancellationToken);
        StoreEntry? entry = view.Entries.FirstOrDefault(found => found.Key == ownerKey);
        tenancy.Learn(new StoreChange(ownerKey, entry), entry?.ModRevision ?? view.Revision);
    }

    /// <summary>The key of the object whose owner counts: of a credential its consumer.</summary>
    public static string OwnedKey(ResourceKind kind, string key) =>
        kind == ResourceKind.Credential && ResourceKinds.TryParseKey(key, out _, out string id) ? ResourceKind.Consumer.Key(ResourceKinds.ConsumerOf(id)) : key;

    /// <summary>The hosts of a route, service or certificate, lower-cased, and the members that have them.</summary>
    public static IReadOnlyList<(string Path, string Host)> HostsOf(JsonElement value)
    {
        var hosts = new List<(string Path, string Host)>();
        foreach (string name in (string[])["host", "hosts", "sni", "snis"])
        {
            if (!value.TryGetProperty(name, out JsonElement member))
                continue;
            if (member.ValueKind == JsonValueKind.String)
                hosts.Add((name, member.GetString()!.ToLowerInvariant()));
            else if (member.ValueKind == JsonValueKind.Array)
                hosts.AddRange(member.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.String).Select(item => (name, item.GetString()!.ToLowerInvariant())));
        }

        return hosts;
    }
}
