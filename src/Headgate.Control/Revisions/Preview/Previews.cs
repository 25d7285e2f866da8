using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.AdminApi.References;
using Headgate.Control.Revisions.Differences;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Revisions.Preview;

/// <summary>Answers writes that are only to be tried out (<c>?dry-run=true</c>): what is wrong with them, what would differ, and what they concern. Nothing is stored.</summary>
internal sealed class Previews(IConfigStore store, ObjectIndex index, BlastRadii radii, TimeProvider time)
{
    private static readonly TimeSpan CatchUpMax = TimeSpan.FromSeconds(5);

    /// <summary>Waits until everything is in the index that was written before; false = it is not there in time.</summary>
    public ValueTask<bool> CatchUpAsync(CancellationToken cancellationToken) => index.WaitForAsync(Math.Max(0, index.HighestRevision), CatchUpMax, time, cancellationToken);

    /// <summary>What a PUT, POST or PATCH would do. <paramref name="value"/>: what would be stored.</summary>
    public async ValueTask<AdminResponse> OfWriteAsync(
        ObjectPath path, ReadOnlyMemory<byte> value, IReadOnlyList<ConfigError> errors, IReadOnlyList<ConfigError> warnings, CancellationToken cancellationToken)
    {
        StoreEntry? stored = await store.FindAsync(path.Key, cancellationToken);
        IReadOnlyList<FieldChange> difference = FieldDifference.Between(MaskedJson.Of(path.Key, stored?.Value), MaskedJson.Of(path.Key, value));
        return new WritePreview(path, difference, radii.Of(path.Key))
        {
            Would = stored is null ? "create" : difference.Count == 0 ? "nothing" : "update",
            Errors = errors,
            Warnings = warnings,
        }.Answer();
    }

    /// <summary>What a DELETE would do.</summary>
    public async ValueTask<AdminResponse> OfDeleteAsync(ObjectPath path, AdminRequest request, Func<long, ValueTask<AdminResponse?>> precondition)
    {
        string key = path.Key;
        if (await store.FindAsync(key, request.Aborted) is not { } stored)
            return AdminResponse.KeyNotFound();
        if (await precondition(stored.ModRevision) is { } failed)
            return failed;
        if (!await CatchUpAsync(request.Aborted))
            return ObjectWrites.NotRead;
        IReadOnlyList<string> users = path.Kind.UserDirectories().Count == 0 ? [] : index.UsersOf(key);
        IReadOnlyList<string> below = path.Kind != ResourceKind.Consumer ? [] : [.. (await store.GetAsync(key + "/credentials/", request.Aborted)).Entries.Select(static entry => entry.Key)];
        return new WritePreview(path, FieldDifference.Between(MaskedJson.Of(key, stored.Value), null), radii.Of(key))
        {
            Would = "delete",
            AlsoDeleted = below,
            Refusal = users.Count == 0 || request.Force ? null : writer => DeletionRefusal.WriteMembers(writer, path.Kind, key, users, index),
        }.Answer();
    }
}
