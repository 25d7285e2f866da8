using System.Text.Json;
using Headgate.Control.Line;
using Headgate.Store;

namespace Headgate.Control.Instances;

/// <summary>What is kept of instances in the store, so that a control plane that starts knows of those that are not there. Written seldom: what an instance tells of itself is in memory.</summary>
internal sealed class InstanceRecords(IConfigStore store)
{
    private const string Prefix = "/headgate/instances/";

    private static readonly Origin Own = new("control plane", "local", "how instances are");

    /// <summary>All of them.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public async ValueTask<IReadOnlyList<InstanceRecord>> AllAsync(CancellationToken cancellationToken)
    {
        StoreView view = await store.GetAsync(Prefix, cancellationToken);
        return [.. view.Entries.Select(static entry => Read(entry.Value)).OfType<InstanceRecord>()];
    }

    /// <summary>Writes one.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be written.</exception>
    public async ValueTask PutAsync(InstanceRecord record, CancellationToken cancellationToken)
    {
        byte[] value = JsonSerializer.SerializeToUtf8Bytes(record, LineJson.Default.InstanceRecord);
        await store.CommitAsync(new Commit { Operations = [new Operation.Put(Key(record.Instance), value)], Origin = Own }, cancellationToken);
    }

    /// <summary>Deletes one.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be written.</exception>
    public async ValueTask DeleteAsync(InstanceIdentity instance, Origin? origin = null) =>
        await store.CommitAsync(new Commit { Operations = [new Operation.Delete(Key(instance))], Origin = origin ?? Own }, CancellationToken.None);

    private static string Key(InstanceIdentity instance) => $"{Prefix}{instance.Group}/{instance.Id}";

    private static InstanceRecord? Read(ReadOnlyMemory<byte> value)
    {
        try
        {
            return JsonSerializer.Deserialize(value.Span, LineJson.Default.InstanceRecord);
        }
        catch (JsonException)
        {
            return null; // another program may have written anything
        }
    }
}

/// <summary>An instance as it is kept.</summary>
/// <param name="Instance">Who it is.</param>
/// <param name="Heard">When it was last heard, to the day while it is.</param>
/// <param name="HasLeft">Whether it has said that it stops.</param>
internal sealed record InstanceRecord(InstanceIdentity Instance, DateTimeOffset Heard, bool HasLeft);
