using System.Globalization;
using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Groups;
using Headgate.Control.Revisions.Differences;
using Headgate.Core.Config;
using Headgate.Store;
using Headgate.Store.Protection;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Revisions;

/// <summary>
/// Writes an object as it was after a revision: the way of a PUT, validated and references checked as they are today, and a revision itself. Only the <c>update_time</c> is of now.
/// </summary>
internal sealed class Restores(GroupScope scope, HistoryReads history)
{
    private const string Form = "send {\"revision\":N}, a number from 1";

    /// <summary><c>POST .../KIND/ID/restore {"revision":N}</c>.</summary>
    public async ValueTask<AdminResponse> RestoreAsync(ObjectPath path, AdminRequest request)
    {
        if (request.Body is not { ValueKind: JsonValueKind.Object } body || !body.TryGetProperty("revision", out JsonElement member)
            || member.ValueKind != JsonValueKind.Number || !member.TryGetInt64(out long revision) || body.GetPropertyCount() != 1)
        {
            return AdminResponse.Error(400, $"invalid request body; {Form}");
        }

        string text = revision.ToString(CultureInfo.InvariantCulture);
        (AdminResponse? refusal, PastObject past) = await history.FindAsync(path, text, request.Workspace, request.Aborted);
        if (refusal is not null)
            return refusal;
        if (past.Value is not { } value)
            return HistoryReads.NotThere(path, text);
        StoreEntry? present = await scope.Store.FindAsync(path.Key, request.Aborted);
        if (present is not null && !scope.Rules.Sees(request.Workspace, path.Kind, path.Key))
            return AdminResponse.Error(409, $"the id {path.FullId} is taken: another workspace of the gateway group has a {path.Kind.Singular()} of that id");
        if (Preconditions.Failure(request, path, present?.ModRevision) is { } failed)
            return await scope.Conflicts.AnswerAsync(failed, request, path, present?.ModRevision);
        if (Unreadable(path, value) is { } unreadable)
            return unreadable;
        IReadOnlyList<FieldChange> difference = FieldDifference.Between(MaskedJson.Of(path.Key, present?.Value), MaskedJson.Of(path.Key, value));
        if (present is not null && difference.Count == 0 && !request.IsDryRun)
            return Answer(path, 200, revision, present.ModRevision, present.Value, [], []);
        using JsonDocument wanted = JsonDocument.Parse(value);
        AdminResponse written = await scope.Writes.ReplaceAsync(path, wanted.RootElement, null, request.Doing($"restored from revision {text}"));
        if (written.Status is not (200 or 201) || request.IsDryRun)
            return written;
        StoreEntry? now = await scope.Store.FindAsync(path.Key, request.Aborted);
        return Answer(path, written.Status, revision, written.Revision!.Value, now?.ModRevision == written.Revision ? now!.Value : value, difference, written.Warnings);
    }

    /// <summary>What cannot be read must not be written: it would be sealed as if it were the secret.</summary>
    private static AdminResponse? Unreadable(ObjectPath path, ReadOnlyMemory<byte> value)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(value);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return AdminResponse.Error(StatusCodes.Status409Conflict, $"what {path.Kind.Singular()} [{path.FullId}] was then is no object; another program wrote it");
        }
        catch (JsonException)
        {
            return AdminResponse.Error(StatusCodes.Status409Conflict, $"what {path.Kind.Singular()} [{path.FullId}] was then is not JSON; another program wrote it");
        }

        return SecretFields.Texts(path.Kind, path.FullId, value).Any(static text => text.StartsWith(KeyRing.Mark, StringComparison.Ordinal))
            ? AdminResponse.Error(StatusCodes.Status409Conflict, $"a secret of {path.Kind.Singular()} [{path.FullId}] cannot be decrypted as it was then: its key is not in the key ring (event 1051)") : null;
    }

    private static AdminResponse Answer(
        ObjectPath path, int status, long from, long revision, ReadOnlyMemory<byte> value, IReadOnlyList<FieldChange> difference, IReadOnlyList<ConfigError> warnings) =>
        AdminResponse.Object(status, (path, from, value, difference), static (writer, state) =>
        {
            RevisionJson.WriteKey(writer, state.path.Key);
            writer.WriteBoolean("changed", state.difference.Count > 0);
            writer.WriteNumber("restored_from", state.from);
            DifferenceJson.WriteArray(writer, "difference", state.difference);
            writer.WritePropertyName("value");
            MaskedJson.Write(writer, MaskedJson.Of(state.path.Key, state.value)!.Value);
        }, revision, warnings);
}
