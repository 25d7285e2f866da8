using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.AdminApi.References;
using Headgate.Control.AdminApi.Validation;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Store;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>PUT, POST and PATCH of one object.</summary>
internal sealed class ObjectWrites(ObjectCommits commits, ObjectIndex index, KeyLocks locks, WriteGate gate, IdSequence ids, TimeProvider time, AdminApiOptions options)
{
    private static readonly AdminResponse Contended = AdminResponse.Error(503, "value changed before overwritten");

    public async ValueTask<AdminResponse> PutAsync(ResourceKind kind, string? pathId, AdminRequest request)
    {
        if (CheckBody(request.Body) is { } refusal)
            return refusal;
        JsonElement body = request.Body!.Value;
        if (ObjectId.Resolve(kind, pathId, body, out string id) is { } wrongId)
            return wrongId;
        if (StoredObject.CheckTimes(body) is { } forbidden)
            return forbidden;
        if (TimeToLive.Read(request, out TimeSpan? ttl) is { } wrongTtl)
            return wrongTtl;

        string key = kind.Key(id);
        using KeyLocks.Turn turn = await locks.EnterAsync(key, request.Aborted);
        using WriteGate.Pass pass = await EnterGateAsync(kind, request);
        for (int attempt = 0; attempt < ObjectCommits.AttemptsMax; attempt++)
        {
            // The index is nearly always right; when it was not, the store is asked.
            IndexedObject? known = attempt == 0 ? Known(key) : await ReadKnownAsync(key, request.Aborted);
            if (Preconditions.Check(request, kind, id, known?.ModRevision) is { } failed)
            {
                if (attempt > 0)
                    return failed;
                continue;
            }

            long now = Now();
            Draft draft = Draft.Of(kind, id, StoredObject.Build(body, id, known?.CreateTime ?? now, now), options.Plugins);
            Compare condition = known is null ? new Compare.Missing(key) : new Compare.UnchangedSince(key, known.ModRevision);
            if (await WriteAsync(draft, condition, key, ttl, request, known is null ? 201 : 200) is { } answer)
                return answer;
        }

        return Contended;
    }

    public async ValueTask<AdminResponse> PostAsync(ResourceKind kind, string? pathId, AdminRequest request)
    {
        if (CheckBody(request.Body) is { } refusal)
            return refusal;
        JsonElement body = request.Body!.Value;
        if (pathId is not null || body.TryGetProperty("id", out _))
            return AdminResponse.Error(400, $"wrong {kind.Singular()} id, do not need it");
        if (StoredObject.CheckTimes(body) is { } forbidden)
            return forbidden;
        if (TimeToLive.Read(request, out TimeSpan? ttl) is { } wrongTtl)
            return wrongTtl;

        using WriteGate.Pass pass = await EnterGateAsync(kind, request);
        for (int attempt = 0; attempt < ObjectCommits.AttemptsMax; attempt++)
        {
            string id = ids.Next(index.HighestRevision);
            string key = kind.Key(id);
            long now = Now();
            Draft draft = Draft.Of(kind, id, StoredObject.Build(body, id, now, now), options.Plugins);
            if (await WriteAsync(draft, new Compare.Missing(key), key, ttl, request, 201) is { } answer)
                return answer;
        }

        return Contended;
    }

    public async ValueTask<AdminResponse> PatchAsync(ResourceKind kind, string? id, AdminRequest request)
    {
        if (id is null)
            return AdminResponse.Error(400, $"missing {kind.Singular()} id");
        if (!ObjectId.IsLegal(id))
            return AdminResponse.KeyNotFound();
        if (request.Body is not { } change)
            return AdminResponse.Error(400, "missing new configuration");
        string[] subPath = request.Segments[2..];
        if (subPath.Length == 0 && change.ValueKind != JsonValueKind.Object)
            return AdminResponse.Error(400, "invalid configuration");
        if (TimeToLive.Read(request, out TimeSpan? ttl) is { } wrongTtl)
            return wrongTtl;

        string key = kind.Key(id);
        using KeyLocks.Turn turn = await locks.EnterAsync(key, request.Aborted);
        using WriteGate.Pass pass = await EnterGateAsync(kind, request);
        for (int attempt = 0; attempt < ObjectCommits.AttemptsMax; attempt++)
        {
            if (await commits.ReadAsync(key, request.Aborted) is not { } entry)
                return AdminResponse.KeyNotFound();
            if (Preconditions.Check(request, kind, id, entry.ModRevision) is { } failed)
                return failed;
            if (Patch(kind, id, entry, subPath, change, out Draft draft) is { } refusal)
                return refusal;
            if (await WriteAsync(draft, new Compare.UnchangedSince(key, entry.ModRevision), key, ttl, request, 200) is { } answer)
                return answer;
        }

        return Contended;
    }

    private static AdminResponse? CheckBody(JsonElement? body) => body switch
    {
        null or { ValueKind: JsonValueKind.Null } => AdminResponse.Error(400, "missing configurations"),
        { ValueKind: JsonValueKind.Object } => null,
        { } other => AdminResponse.Refused(ObjectValidator.Validate(ResourceKind.Upstream, "", other, PluginCatalog.Empty).Errors), // any kind: all say the same of what is no object
    };

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>An upstream names nothing that can be deleted here, so its writes need not wait for deletions.</summary>
    private ValueTask<WriteGate.Pass> EnterGateAsync(ResourceKind kind, AdminRequest request) =>
        kind == ResourceKind.Upstream ? default : gate.EnterTogetherAsync(request.Aborted);

    private IndexedObject? Known(string key) => index.TryGet(key, out IndexedObject? known) ? known : null;

    private async ValueTask<IndexedObject?> ReadKnownAsync(string key, CancellationToken cancellationToken) =>
        await commits.ReadAsync(key, cancellationToken) is { } entry ? IndexedObject.From(entry) : null;

    /// <summary>The patched object, or why it cannot be made.</summary>
    private AdminResponse? Patch(ResourceKind kind, string id, StoreEntry entry, string[] subPath, JsonElement change, out Draft draft)
    {
        draft = default;
        using JsonDocument stored = JsonDocument.Parse(entry.Value);
        if (JsonSubPath.Check(stored.RootElement, subPath) is { } wrongPath)
            return AdminResponse.Error(400, wrongPath);
        ReadOnlyMemory<byte> merged = JsonText.Build((stored.RootElement, subPath, change), static (writer, state) =>
        {
            if (state.subPath.Length == 0)
                JsonMerge.Write(writer, state.RootElement, state.change);
            else
                JsonSubPath.Write(writer, state.RootElement, state.subPath, state.change);
        });
        using JsonDocument document = JsonDocument.Parse(merged);
        if (ObjectId.Resolve(kind, id, document.RootElement, out _) is { } wrongId)
            return wrongId;
        bool keepUpdateTime = subPath.Length == 0 && change.TryGetProperty("update_time", out _);
        long now = Now();
        draft = Draft.Of(kind, id, StoredObject.Build(document.RootElement, id, now, now, keepUpdateTime), options.Plugins);
        return null;
    }

    /// <summary>Null when someone else wrote in between: try again.</summary>
    private async ValueTask<AdminResponse?> WriteAsync(Draft draft, Compare condition, string key, TimeSpan? ttl, AdminRequest request, int status)
    {
        if (!draft.Errors.IsValid)
            return AdminResponse.Refused([.. draft.Errors.Errors, .. commits.LikelyMissing(draft.Parsed)]);
        if (draft.Value.Length > BodyReader.BytesMax)
            return AdminResponse.Error(400, $"invalid configuration: the object would have {draft.Value.Length} bytes, at most {BodyReader.BytesMax} are allowed");
        WriteOutcome outcome = await commits.PutAsync(condition, key, draft.Value, draft.Parsed, ttl, request.Origin);
        if (outcome.Missing.Count > 0)
            return AdminResponse.Refused([.. outcome.Missing.Select(ObjectCommits.Error)]);
        return outcome.Revision < 0 ? null
            : AdminResponse.Object(status, (key, draft.Value), static (writer, state) =>
            {
                writer.WriteString("key", state.key);
                writer.WritePropertyName("value");
                writer.WriteRawValue(state.Value.Span, skipInputValidation: true);
            }, outcome.Revision, draft.Errors.Warnings);
    }

    /// <summary>An object about to be stored.</summary>
    private readonly record struct Draft(ReadOnlyMemory<byte> Value, JsonElement Parsed, ConfigErrors Errors)
    {
        public static Draft Of(ResourceKind kind, string id, ReadOnlyMemory<byte> value, PluginCatalog plugins)
        {
            // What is validated is what is stored, byte for byte. Not pooled, so it need not be disposed of.
            JsonElement parsed = JsonElement.Parse(value.Span);
            return new Draft(value, parsed, ObjectValidator.Validate(kind, id, parsed, plugins));
        }
    }
}
