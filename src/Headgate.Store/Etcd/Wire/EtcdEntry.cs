using System.Text;
using System.Text.Json;

namespace Headgate.Store.Etcd.Wire;

/// <summary>A key as etcd tells of it.</summary>
/// <param name="Key">The key; not always valid UTF-8 where others write, and then of no use here.</param>
/// <param name="Value">Its value; empty when only keys were asked for.</param>
/// <param name="CreateRevision">0 = a deletion.</param>
/// <param name="ModRevision">Revision that wrote or deleted it.</param>
/// <param name="Lease">0 = none.</param>
internal readonly record struct EtcdEntry(string Key, byte[] Value, long CreateRevision, long ModRevision, long Lease)
{
    /// <summary>Reads a <c>mvccpb.KeyValue</c>.</summary>
    public static EtcdEntry Read(JsonElement kv) => new(
        Encoding.UTF8.GetString(EtcdReply.Bytes(kv, "key")), EtcdReply.Bytes(kv, "value"),
        EtcdReply.Number(kv, "create_revision"), EtcdReply.Number(kv, "mod_revision"), EtcdReply.Number(kv, "lease"));

    /// <summary>As the store's callers see it.</summary>
    public StoreEntry ToEntry() => new(Key, Value, CreateRevision, ModRevision);
}
