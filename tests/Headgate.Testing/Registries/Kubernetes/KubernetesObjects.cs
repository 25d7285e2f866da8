using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Headgate.Testing.Registries.Kubernetes;

/// <summary>Objects with their history: every write is a version of the whole, and all versions since the last compaction can be read and watched. Thread-safe.</summary>
public sealed class KubernetesObjects
{
    private readonly Lock _gate = new();
    private readonly List<KubernetesChange> _changes = [];
    private readonly SortedDictionary<long, ImmutableSortedDictionary<string, JsonObject>> _states = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version = 1000;
    private long _oldest = 1000;

    /// <summary>Makes it without objects.</summary>
    public KubernetesObjects() => _states[_version] = ImmutableSortedDictionary.Create<string, JsonObject>(StringComparer.Ordinal);

    /// <summary>The latest version.</summary>
    public long Version
    {
        get
        {
            lock (_gate)
                return _version;
        }
    }

    /// <summary>Forgets the history, as etcd's compaction does; a write that nobody sees comes first, so that no version but the latest is good.</summary>
    public void Compact()
    {
        lock (_gate)
        {
            ImmutableSortedDictionary<string, JsonObject> now = _states[_version];
            _oldest = ++_version;
            _changes.Clear();
            _states.Clear();
            _states[_version] = now;
        }
    }

    /// <summary>As <c>POST</c> of the collection.</summary>
    public JsonObject Create(KubernetesCollection collection, string space, JsonObject one)
    {
        KubernetesRules.Check(collection, space, one);
        lock (_gate)
        {
            string key = Key(collection, space, (string)one["metadata"]!["name"]!);
            return _states[_version].ContainsKey(key)
                ? throw new KubernetesStatusException(409, "AlreadyExists", $"{collection.Plural} \"{one["metadata"]!["name"]}\" already exists")
                : Write(collection, key, null, one)!;
        }
    }

    /// <summary>As <c>PUT</c> of the object.</summary>
    public JsonObject Replace(KubernetesCollection collection, string space, string name, JsonObject one)
    {
        KubernetesRules.Check(collection, space, one);
        lock (_gate)
        {
            JsonObject before = Known(collection, space, name);
            if ((string?)one["metadata"]!["resourceVersion"] is { } version && version != (string?)before["metadata"]!["resourceVersion"])
                throw new KubernetesStatusException(409, "Conflict", $"Operation cannot be fulfilled on {collection.Plural} \"{name}\": the object has been modified");
            return Write(collection, Key(collection, space, name), before, one)!;
        }
    }

    /// <summary>Creates it, or replaces it: for tests.</summary>
    public void Put(KubernetesCollection collection, JsonObject one)
    {
        var (space, name) = ((string)one["metadata"]!["namespace"]!, (string)one["metadata"]!["name"]!);
        lock (_gate)
        {
            if (_states[_version].ContainsKey(Key(collection, space, name)))
                Replace(collection, space, name, one);
            else
                Create(collection, space, one);
        }
    }

    /// <summary>Writes what no API server would take, for tests of what a client makes of it.</summary>
    public void PutUnchecked(KubernetesCollection collection, string space, string name, JsonObject one)
    {
        lock (_gate)
        {
            string key = Key(collection, space, name);
            Write(collection, key, _states[_version].GetValueOrDefault(key), one);
        }
    }

    /// <summary>As <c>DELETE</c> of the object.</summary>
    public JsonObject Delete(KubernetesCollection collection, string space, string name)
    {
        lock (_gate)
        {
            JsonObject before = Known(collection, space, name);
            Write(collection, Key(collection, space, name), before, null);
            return before;
        }
    }

    /// <summary>As <c>GET</c> of the object.</summary>
    public JsonObject Get(KubernetesCollection collection, string space, string name)
    {
        lock (_gate)
            return Known(collection, space, name);
    }

    /// <summary>The objects of a collection as of a version, by key; <paramref name="version"/> null = the latest.</summary>
    internal (long Version, KeyValuePair<string, JsonObject>[] Objects) Read(KubernetesCollection collection, long? version)
    {
        lock (_gate)
        {
            long at = version ?? _version;
            CheckHeld(at);
            return (at, [.. _states[at].Where(one => one.Key.StartsWith(collection.Plural + "/", StringComparison.Ordinal))]);
        }
    }

    /// <summary>What was written after a version, and what tells that more was.</summary>
    internal (KubernetesChange[] Changes, long Version, Task More) After(KubernetesCollection collection, long version)
    {
        lock (_gate)
        {
            CheckHeld(version);
            return ([.. _changes.Where(change => change.Version > version && change.Collection == collection)], _version, _changed.Task);
        }
    }

    private static string Key(KubernetesCollection collection, string space, string name) => $"{collection.Plural}/{space}/{name}";

    private void CheckHeld(long version)
    {
        if (version < _oldest)
            throw KubernetesStatusException.Expired($"too old resource version: {version} ({_oldest})");
        if (version > _version)
            throw new KubernetesStatusException(504, "Timeout", $"Too large resource version: {version}, current: {_version}");
    }

    private JsonObject Known(KubernetesCollection collection, string space, string name) => _states[_version].GetValueOrDefault(Key(collection, space, name))
        ?? throw new KubernetesStatusException(404, "NotFound", $"{collection.Plural} \"{name}\" not found");

    private JsonObject? Write(KubernetesCollection collection, string key, JsonObject? before, JsonObject? after)
    {
        _version++;
        JsonObject? stored = (JsonObject?)after?.DeepClone();
        if (stored?["metadata"] is JsonObject metadata)
        {
            metadata["resourceVersion"] = _version.ToString(CultureInfo.InvariantCulture);
            metadata["uid"] ??= (string?)before?["metadata"]?["uid"] ?? $"uid-{_version}";
            metadata["namespace"] ??= key.Split('/')[1];
        }

        ImmutableSortedDictionary<string, JsonObject> now = _states[_version - 1];
        _states[_version] = stored is null ? now.Remove(key) : now.SetItem(key, stored);
        _changes.Add(new KubernetesChange(_version, collection, before, stored));
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
        return stored;
    }
}
