using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Groups;

/// <summary>
/// How a gateway group is divided, as far as is known: its workspaces, and which of them owns which object. What is decided by it is compared again in the transaction, as with the
/// index of objects. Written by a feed, and by every commit of this process, so that a client sees its own writes at once. Thread-safe.
/// </summary>
internal sealed class Tenancy(string group)
{
    private readonly Lock _lock = new();
    private readonly string _workspacePrefix = RecordKeys.Workspaces(group);
    private readonly string _ownerPrefix = RecordKeys.Owners(group);
    private Dictionary<string, Owner> _owners = new(StringComparer.Ordinal);
    private Dictionary<string, KnownWorkspace> _workspaces = new(StringComparer.Ordinal);
    private long _revision = -1;

    /// <summary>The group it is about.</summary>
    public string Group => group;

    /// <summary>Every change up to this revision is in; −1 before the first load.</summary>
    public long Revision => Volatile.Read(ref _revision);

    /// <summary>What is known of the owner of the object at <paramref name="objectKey"/>; null = the default workspace, whose objects have no record.</summary>
    public Owner? OwnerOf(string objectKey)
    {
        lock (_lock)
            return _owners.TryGetValue(objectKey, out Owner? owner) && owner.Workspace is not null ? owner : null;
    }

    /// <summary>A workspace that was made; null when there is none of that id.</summary>
    public KnownWorkspace? Find(string workspace)
    {
        lock (_lock)
            return _workspaces.TryGetValue(workspace, out KnownWorkspace? found) && found.Config is not null ? found : null;
    }

    /// <summary>Those that were made: all but the default one, in the order of their ids.</summary>
    public IReadOnlyList<KnownWorkspace> Workspaces()
    {
        lock (_lock)
            return [.. _workspaces.Where(static pair => pair.Value.Config is not null).OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => pair.Value)];
    }

    /// <summary>Keys of the objects that a workspace owns, in their order; not for the default one.</summary>
    public IReadOnlyList<string> ObjectsOf(string workspace)
    {
        lock (_lock)
            return [.. _owners.Where(pair => pair.Value.Workspace == workspace).Select(static pair => pair.Key).Order(StringComparer.Ordinal)];
    }

    /// <summary>Begins anew from a full read of <see cref="RecordKeys.Tenancy"/>; keeps what is newer.</summary>
    public void Load(StoreView view)
    {
        lock (_lock)
        {
            (Dictionary<string, Owner> owners, Dictionary<string, KnownWorkspace> workspaces) = (_owners, _workspaces);
            _owners = owners.Where(pair => pair.Value.ModRevision > view.Revision).ToDictionary(StringComparer.Ordinal);
            _workspaces = workspaces.Where(pair => pair.Value.ModRevision > view.Revision).ToDictionary(StringComparer.Ordinal);
            foreach (StoreEntry entry in view.Entries)
                Put(new StoreChange(entry.Key, entry), entry.ModRevision);
            Volatile.Write(ref _revision, view.Revision);
        }
    }

    /// <summary>Takes in one revision of the feed; in order.</summary>
    public void Apply(StoreRevision revision)
    {
        lock (_lock)
        {
            foreach (StoreChange change in revision.Changes)
                Put(change, revision.Revision);
            Volatile.Write(ref _revision, revision.Revision);
        }
    }

    /// <summary>Takes in what was written or read, before the feed brings it. <paramref name="revision"/>: of the deletion, or as of which the key was not there.</summary>
    public void Learn(StoreChange change, long revision)
    {
        lock (_lock)
            Put(change, revision);
    }

    /// <summary>The value of a record of ownership.</summary>
    public static ReadOnlyMemory<byte> OwnerValue(string workspace) => JsonText.Build(workspace, static (writer, id) =>
    {
        writer.WriteStartObject();
        writer.WriteString("workspace", id);
        writer.WriteEndObject();
    });

    private void Put(StoreChange change, long revision)
    {
        revision = change.Entry?.ModRevision ?? revision;
        if (change.Key.StartsWith(_ownerPrefix, StringComparison.Ordinal))
        {
            string key = RecordKeys.OwnedBy(group, change.Key);
            if (!_owners.TryGetValue(key, out Owner? known) || known.ModRevision <= revision)
                _owners[key] = new Owner(change.Entry is { } entry ? WorkspaceOf(entry) : null, revision);
        }
        else if (change.Key.StartsWith(_workspacePrefix, StringComparison.Ordinal))
        {
            string id = change.Key[_workspacePrefix.Length..];
            if (!_workspaces.TryGetValue(id, out KnownWorkspace? known) || known.ModRevision <= revision)
                _workspaces[id] = new KnownWorkspace(id, change.Entry is { } entry ? Read(id, entry) : null, change.Entry, revision);
        }
    }

    /// <summary>The workspace that a record of ownership names; null = none.</summary>
    public static string? WorkspaceOf(StoreEntry entry) =>
        StoredJson.Object(entry.Value) is { } owner && owner.TryGetProperty("workspace", out JsonElement workspace) && workspace.ValueKind == JsonValueKind.String ? workspace.GetString() : null;

    /// <summary>One that cannot be read is there all the same, under its id and without hosts of its own.</summary>
    private static WorkspaceConfig Read(string id, StoreEntry entry) =>
        (StoredJson.Object(entry.Value) is { } value ? ConfigParser.ParseWorkspace(id, value, new ConfigErrors()) : null) ?? new WorkspaceConfig { Id = id, Name = id };
}
