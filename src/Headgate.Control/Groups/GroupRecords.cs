using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.AdminApi.Objects;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Groups;

/// <summary>
/// Reads and writes one record that lies beside the objects: a gateway group or a workspace. What the client wrote is stored, with its id and the two times; <c>If-Match</c> acts as in
/// the Admin API.
/// </summary>
/// <param name="noun">What it is called in texts: <c>gateway group</c>.</param>
/// <param name="check">Judges a body: adds to the errors what is wrong with it.</param>
/// <param name="readOnly">Members of answers that are ours alone: left out of what is stored.</param>
/// <param name="time">Clock of the times.</param>
internal sealed class GroupRecords(string noun, Action<string, JsonElement, ConfigErrors> check, string[] readOnly, TimeProvider time)
{
    private const int AttemptsMax = 16;

    /// <summary>The id of a POST or PUT, from the path, the body, or made; or the refusal.</summary>
    public AdminResponse? ReadId(string? asked, AdminRequest request, out string id)
    {
        id = asked ?? "";
        if (request.Body is not { ValueKind: JsonValueKind.Object } body)
            return AdminResponse.Error(400, "missing configurations");
        if (body.TryGetProperty("id", out JsonElement own))
        {
            if (ObjectId.Text(own) is not { } written || (asked is not null && asked != written))
                return AdminResponse.Error(400, $"wrong {noun} id");
            id = written;
        }
        else if (asked is null)
        {
            id = Guid.NewGuid().ToString("N")[..12];
        }

        return ObjectId.IsLegal(id) ? null : AdminResponse.Error(400, $"the id {id} of a {noun} is none; allowed: 1 to 64 of a-z A-Z 0-9 - _ .");
    }

    /// <summary>
    /// Writes it; <paramref name="conditions"/> gives what else must hold, or the refusal, given the body and what is stored, and is asked again when another write came in between.
    /// <paramref name="onlyNew"/>: what is there already is refused. <paramref name="more"/>: as in <see cref="Shown"/>.
    /// </summary>
    public async ValueTask<AdminResponse> PutAsync(
        IConfigStore store, string key, string id, bool onlyNew, AdminRequest request,
        Func<JsonElement, StoreEntry?, ValueTask<(AdminResponse? Refusal, IReadOnlyList<Compare> Compares)>> conditions, Action<StoreEntry> written, Action<Utf8JsonWriter> more)
    {
        var errors = new ConfigErrors();
        JsonElement body = JsonElement.Parse(Without(request.Body!.Value).Span);
        check(id, body, errors);
        if (!errors.IsValid)
            return AdminResponse.Refused(errors.Errors);
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            StoreEntry? stored = await store.FindAsync(key, request.Aborted);
            if (onlyNew && stored is not null)
                return AdminResponse.Error(409, $"there is a {noun} {id} already");
            if (Preconditions.Check(request, noun, id, stored?.ModRevision) is { } failed)
                return failed;
            (AdminResponse? refusal, IReadOnlyList<Compare> compares) = await conditions(body, stored);
            if (refusal is not null)
                return refusal;
            long now = time.GetUtcNow().ToUnixTimeSeconds();
            ReadOnlyMemory<byte> value = StoredObject.Build(body, id, CreateTime(stored) ?? now, now);
            var commit = new Commit
            {
                Compares = [stored is null ? new Compare.Missing(key) : new Compare.UnchangedSince(key, stored.ModRevision), .. compares],
                Operations = [new Operation.Put(key, value)],
                Origin = request.Origin,
            };
            CommitResult result = await store.CommitAsync(commit, CancellationToken.None);
            if (!result.Applied)
                continue;
            var entry = new StoreEntry(key, value, stored?.CreateRevision ?? result.Revision, result.Revision);
            written(entry);
            return Shown(stored is null ? 201 : 200, entry, more);
        }

        return AdminResponse.Error(503, $"{noun} {id} was not written: it is being written all the time; try again");
    }

    /// <summary>What is there although it was never written: its id is its name. It has no revision, and so no tag that an <c>If-Match</c> could name.</summary>
    public static StoreEntry Unwritten(string key, string id) => new(key, JsonText.Build(id, static (writer, id) =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("name", id);
        writer.WriteEndObject();
    }), 0, 0);

    /// <summary>The answer about one; <paramref name="more"/> writes what is known beside what is stored.</summary>
    public static AdminResponse Shown(int status, StoreEntry entry, Action<Utf8JsonWriter>? more = null) => AdminResponse.Object(status, (entry, more), static (writer, state) =>
    {
        writer.WriteStartObject("value");
        WriteMembers(writer, state.entry.Value, state.more);
        writer.WriteEndObject();
    }, entry.ModRevision == 0 ? null : entry.ModRevision);

    /// <summary>Members of what is stored, and what <paramref name="more"/> writes behind them.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, Action<Utf8JsonWriter>? more)
    {
        if (StoredJson.Object(value) is { } stored)
        {
            foreach ((string name, JsonElement member) in JsonText.Members(stored))
            {
                writer.WritePropertyName(name);
                JsonText.Copy(writer, member);
            }
        }

        more?.Invoke(writer);
    }

    private ReadOnlyMemory<byte> Without(JsonElement body) => JsonText.Build((body, readOnly), static (writer, state) =>
    {
        writer.WriteStartObject();
        foreach ((string name, JsonElement member) in JsonText.Members(state.body))
        {
            if (state.readOnly.Contains(name))
                continue;
            writer.WritePropertyName(name);
            JsonText.Copy(writer, member);
        }

        writer.WriteEndObject();
    });

    private static long? CreateTime(StoreEntry? stored) =>
        stored is not null && StoredJson.Object(stored.Value) is { } value && value.TryGetProperty("create_time", out JsonElement created) && created.TryGetInt64(out long seconds) ? seconds : null;
}
