using System.Text.Json.Nodes;

namespace Headgate.Testing.Registries.Consul;

/// <summary>Keys and values of a <see cref="ConsulState"/>. Thread-safe.</summary>
public sealed class ConsulKeys
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (byte[] Value, ulong Created, ulong Modified)> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ulong> _gone = [];
    private ulong _index = 10;

    /// <summary>Sets a key; tell the state's pulse.</summary>
    public void Set(string key, byte[] value)
    {
        lock (_gate)
        {
            _index++;
            _keys[key] = (value, _keys.TryGetValue(key, out var before) ? before.Created : _index, _index);
        }
    }

    /// <summary>Removes a key, or all that begin with it; tell the state's pulse.</summary>
    public void Remove(string key, bool recurse)
    {
        lock (_gate)
        {
            _index++;
            foreach (string one in _keys.Keys.Where(one => Matches(one, key, recurse)).ToArray())
            {
                _keys.Remove(one);
                _gone[one] = _index;
            }
        }
    }

    /// <summary><c>/v1/kv/KEY</c>: null = there is none.</summary>
    public ConsulAnswer Read(string key, bool recurse)
    {
        lock (_gate)
        {
            var found = _keys.Where(one => Matches(one.Key, key, recurse)).ToArray();
            return new ConsulAnswer(Index(key, recurse), () => found.Length == 0 ? null : new JsonArray([.. found.Select(static one => (JsonNode)Entry(one.Key, one.Value))]));
        }
    }

    /// <summary><c>/v1/kv/KEY?keys</c>: null = there is none.</summary>
    public ConsulAnswer Names(string prefix, string separator)
    {
        lock (_gate)
        {
            string[] names = [.. _keys.Keys.Where(key => Matches(key, prefix, recurse: true)).Select(key => Cut(key, prefix, separator)).Distinct()];
            return new ConsulAnswer(Index(prefix, recurse: true), () => names.Length == 0 ? null : new JsonArray([.. names.Select(static name => (JsonNode?)name)]));
        }
    }

    internal void Rewind(ulong index)
    {
        lock (_gate)
        {
            _index = index;
            _gone.Clear();
            foreach (string key in _keys.Keys.ToArray())
                _keys[key] = (_keys[key].Value, index, index);
        }
    }

    // The index of a prefix is that of its latest key, set or removed; of one that never had a key, that of the whole store.
    private ulong Index(string key, bool recurse)
    {
        ulong index = _keys.Where(one => Matches(one.Key, key, recurse)).Select(static one => one.Value.Modified)
            .Concat(_gone.Where(one => Matches(one.Key, key, recurse)).Select(static one => one.Value)).DefaultIfEmpty().Max();
        return index == 0 ? _index : index;
    }

    private static bool Matches(string key, string asked, bool recurse) => recurse ? key.StartsWith(asked, StringComparison.Ordinal) : key == asked;

    private static string Cut(string key, string prefix, string separator)
    {
        int end = separator.Length == 0 ? -1 : key.IndexOf(separator, prefix.Length, StringComparison.Ordinal);
        return end < 0 ? key : key[..(end + separator.Length)];
    }

    private static JsonObject Entry(string key, (byte[] Value, ulong Created, ulong Modified) entry) => new()
    {
        ["LockIndex"] = 0, ["Key"] = key, ["Flags"] = 0, ["Value"] = entry.Value.Length == 0 ? null : Convert.ToBase64String(entry.Value),
        ["CreateIndex"] = entry.Created, ["ModifyIndex"] = entry.Modified,
    };
}
