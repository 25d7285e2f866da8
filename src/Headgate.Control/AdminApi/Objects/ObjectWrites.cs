using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.AdminApi.References;
using Headgate.Control.AdminApi.Validation;
using Headgate.Control.Groups;
using Headgate.Control.Revisions;
using Headgate.Control.Revisions.Preview;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Store;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>PUT, POST and PATCH of one object.</summary>
internal sealed class ObjectWrites(
    ObjectCommits commits, WorkspaceRules rules, ObjectIndex index, KeyLocks locks, WriteGate gate, IdSequence ids, Conflicts conflicts, Previews previews, TimeProvider time,
    AdminApiOptions options)
{
    /// <summary>Nothing is known yet of what is stored.</summary>
    public static readonly AdminResponse NotRead = AdminResponse.Error(503, "the Admin API has not read all of the store yet; try again");

    private static readonly TimeSpan IndexWaitMax = TimeSpan.FromSeconds(5);
    private static readonly AdminResponse Contended = AdminResponse.Error(503, "value changed before overwritten");

    public async ValueTask<AdminResponse> PutAsync(ObjectPath asked, AdminRequest request, ObjectRule? rule = null)
    {
        if (CheckBody(request.Body) is { } refusal)
            return refusal;
        JsonElement body = request.Body!.Value;
        if (ObjectId.Resolve(asked, body, options.Plugins, out ObjectPath path) is { } wrongId)
            return wrongId;
        if (StoredObject.CheckTimes(body) is { } forbidden)
            return forbidden;
        if (TimeToLive.Read(request, out TimeSpan? ttl) is { } wrongTtl)
            return wrongTtl;
        return await ReplaceAsync(path, body, ttl, request, rule);
    }

    /// <summary>Writes the object that <paramref name="path"/> names, new or not, as a PUT does. Times that <paramref name="body"/> has stay, but for the update time.</summary>
    public async ValueTask<AdminResponse> ReplaceAsync(ObjectPath path, JsonElement body, TimeSpan? ttl, AdminRequest request, ObjectRule? rule = null)
    {
        string key = path.Key;
        using KeyLocks.Turn turn = await locks.EnterAsync(key, ObjectCommits.LocksOf(path.Kind, key, body), request.Aborted);
        using WriteGate.Pass pass = await EnterGateAsync(path.Kind, request);
        for (int attempt = 0; attempt < ObjectCommits.AttemptsMax; attempt++)
        {
            // The index is nearly always right; when it was not, the store is asked.
            IndexedObject? known = attempt == 0 ? Known(key) : await ReadKnownAsync(path, request.Aborted);
            if (attempt == 0 && known is not null && !rules.Sees(request.Workspace, path.Kind, key))
                continue;
            if (Preconditions.Failure(request, path, known?.ModRevision) is { } failed)
            {
                if (attempt > 0)
                    return await conflicts.AnswerAsync(failed, request, path, known?.ModRevision);
                continue;
            }

            long now = Now();
            Draft draft = Draft.Of(path, StoredObject.Build(body, path.StoredId, known?.CreateTime ?? now, now, path.Kind.HasTimes()), options.Plugins);
            Compare condition = known is null ? new Compare.Missing(key) : new Compare.UnchangedSince(key, known.ModRevision);
            if (await WriteAsync(draft, condition, ttl, request, known is null ? 201 : 200, rule) is { } answer)
                return answer;
        }

        return Contended;
    }

    public async ValueTask<AdminResponse> PostAsync(ObjectPath asked, AdminRequest request, ObjectRule? rule = null)
    {
        if (CheckBody(request.Body) is { } refusal)
            return refusal;
        JsonElement body = request.Body!.Value;
        if (asked.Id is not null || body.TryGetProperty("id", out _))
            return AdminResponse.Error(400, $"wrong {asked.Kind.Singular()} id, do not need it");
        if (StoredObject.CheckTimes(body) is { } forbidden)
            return forbidden;
        if (TimeToLive.Read(request, out TimeSpan? ttl) is { } wrongTtl)
            return wrongTtl;

        using WriteGate.Pass pass = await EnterGateAsync(asked.Kind, request);
        for (int attempt = 0; attempt < ObjectCommits.AttemptsMax; attempt++)
        {
            ObjectPath path = asked with { Id = ids.Next(index.HighestRevision) };
            long now = Now();
            Draft draft = Draft.Of(path, StoredObject.Build(body, path.StoredId, now, now), options.Plugins);
            if (await WriteAsync(draft, new Compare.Missing(path.Key), ttl, request, 201, rule) is { } answer)
                return answer;
        }

        return Contended;
    }

    public async ValueTask<AdminResponse> PatchAsync(ObjectPath path, string[] subPath, AdminRequest request, ObjectRule? rule = null)
    {
        if (path.Id is null)
            return AdminResponse.Error(400, $"missing {path.Kind.Singular()} id");
        if (!path.IsLegal)
            return AdminResponse.KeyNotFound();
        if (request.Body is not { } change)
            return AdminResponse.Error(400, "missing new configuration");
        if (subPath.Length == 0 && change.ValueKind != JsonValueKind.Object)
            return AdminResponse.Error(400, "invalid configuration");
        if (TimeToLive.Read(request, out TimeSpan? ttl) is { } wrongTtl)
            return wrongTtl;

        string key = path.Key;
        using KeyLocks.Turn turn = await locks.EnterAsync(key, ObjectCommits.LocksOf(path.Kind, key, change), request.Aborted);
        using WriteGate.Pass pass = await EnterGateAsync(path.Kind, request);
        for (int attempt = 0; attempt < ObjectCommits.AttemptsMax; attempt++)
        {
            if (attempt > 0)
                await rules.RereadAsync(path, request.Aborted);
            if (!rules.Sees(request.Workspace, path.Kind, key) || await commits.ReadAsync(key, request.Aborted) is not { } entry)
                return AdminResponse.KeyNotFound();
            if (Preconditions.Failure(request, path, entry.ModRevision) is { } failed)
                return await conflicts.AnswerAsync(failed, request, path, entry.ModRevision);
            if (Patch(path, entry, subPath, change, out Draft draft) is { } refusal)
                return refusal;
            if (await WriteAsync(draft, new Compare.UnchangedSince(key, entry.ModRevision), ttl, request, 200, rule) is { } answer)
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

    /// <summary>Objects in whose directory no user of anything lies need not wait for deletions.</summary>
    private ValueTask<WriteGate.Pass> EnterGateAsync(ResourceKind kind, AdminRequest request) =>
        kind is ResourceKind.Proto or ResourceKind.Secret or ResourceKind.Ssl or ResourceKind.PluginMetadata or ResourceKind.ServiceRegistry ? default : gate.EnterTogetherAsync(request.Aborted);

    private IndexedObject? Known(string key) => index.TryGet(key, out IndexedObject? known) ? known : null;

    private async ValueTask<IndexedObject?> ReadKnownAsync(ObjectPath path, CancellationToken cancellationToken)
    {
        await rules.RereadAsync(path, cancellationToken);
        return await commits.ReadAsync(path.Key, cancellationToken) is { } entry ? IndexedObject.From(entry) : null;
    }

    /// <summary>The patched object, or why it cannot be made.</summary>
    private AdminResponse? Patch(ObjectPath path, StoreEntry entry, string[] subPath, JsonElement change, out Draft draft)
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
        if (ObjectId.Resolve(path, document.RootElement, options.Plugins, out _) is { } wrongId)
            return wrongId;
        bool keepUpdateTime = subPath.Length == 0 && change.TryGetProperty("update_time", out _);
        long now = Now();
        draft = Draft.Of(path, StoredObject.Build(document.RootElement, path.StoredId, now, now, keepUpdateTime: keepUpdateTime), options.Plugins);
        return null;
    }

    /// <summary>Null when someone else wrote in between: try again.</summary>
    private async ValueTask<AdminResponse?> WriteAsync(Draft draft, Compare condition, TimeSpan? ttl, AdminRequest request, int status, ObjectRule? rule)
    {
        (string key, ResourceKind kind) = (draft.Path.Key, draft.Path.Kind);
        if (WorkspaceRules.Refuse(request.Workspace, kind) is { } notItsKind)
            return notItsKind;
        if (rules.Claim(request.Workspace, draft.Path, condition is not Compare.Missing, ttl, out OwnerClaim claim) is { } notItsOwn)
            return notItsOwn;
        if (request.IsDryRun)
            return await PreviewAsync(draft, request, rule);
        if (ObjectCommits.LocksOf(kind, key, draft.Parsed).Any() && !await index.WaitForAsync(0, IndexWaitMax, time, request.Aborted))
            return NotRead;
        ConfigError[] taken = [.. NotIts(request.Workspace, draft, rule)];
        if (!draft.Errors.IsValid || taken.Length > 0)
            return AdminResponse.Refused([.. draft.Errors.Errors, .. taken, .. commits.LikelyMissing(key, draft.Parsed)]);
        if (draft.TooLarge is { } tooLarge)
            return AdminResponse.Error(400, tooLarge);
        WriteOutcome outcome = await commits.PutAsync(condition, claim, key, draft.Value, draft.Parsed, ttl, request.Origin);
        if (outcome.Missing.Count == 1 && outcome.Missing[0].Path.Length == 0)
            return AdminResponse.Error(404, outcome.Missing[0].Missing); // a credential's consumer, which the path names
        if (outcome.Missing.Count > 0)
            return AdminResponse.Refused([.. outcome.Missing.Select(ObjectCommits.Error)]);
        return outcome.Revision < 0 ? null
            : AdminResponse.Object(status, (key, shown: ShownJson.Of(draft.Path.Kind, draft.Value)), static (writer, state) =>
            {
                writer.WriteString("key", state.key);
                writer.WritePropertyName("value");
                writer.WriteRawValue(state.shown.Span, skipInputValidation: true);
            }, outcome.Revision, draft.Errors.Warnings);
    }

    /// <summary>What it has or names that is not the workspace's to have or name, and what an API asks for beside.</summary>
    private IEnumerable<ConfigError> NotIts(string workspace, Draft draft, ObjectRule? rule) =>
    [
        .. commits.Taken(draft.Path.Key, draft.Parsed), .. rules.Foreign(workspace, draft.Path.Key, draft.Parsed), .. rules.Hosts(workspace, draft.Path.Kind, draft.Parsed),
        .. rule?.Invoke(draft.Path.Kind, draft.Parsed) is { } broken ? (ConfigError[])[broken] : [],
    ];

    /// <summary>Everything that a write would be refused for, and what it would do.</summary>
    private async ValueTask<AdminResponse> PreviewAsync(Draft draft, AdminRequest request, ObjectRule? rule)
    {
        if (!await previews.CatchUpAsync(request.Aborted))
            return NotRead;
        string key = draft.Path.Key;
        List<ConfigError> errors = [.. draft.Errors.Errors, .. NotIts(request.Workspace, draft, rule), .. commits.LikelyMissing(key, draft.Parsed)];
        if (draft.TooLarge is { } tooLarge)
            errors.Add(new ConfigError("", tooLarge));
        return await previews.OfWriteAsync(draft.Path, draft.Value, errors, draft.Errors.Warnings, request.Aborted);
    }

    /// <summary>An object about to be stored.</summary>
    private readonly record struct Draft(ObjectPath Path, ReadOnlyMemory<byte> Value, JsonElement Parsed, ConfigErrors Errors)
    {
        /// <summary>Most bytes it can have in the store, where its secrets are longer by what encryption adds: a third, and 96 bytes each.</summary>
        private long StoredBytes => Value.Length + SecretFields.Texts(Path.Kind, Path.FullId, Value).Sum(text => (System.Text.Encoding.UTF8.GetByteCount(text) / 3L) + 96);

        /// <summary>Why it cannot be stored for its size; null = it can.</summary>
        public string? TooLarge => StoredBytes is var stored and > BodyReader.BytesMax ? $"invalid configuration: the object would have {stored} bytes, at most {BodyReader.BytesMax} are allowed" : null;

        public static Draft Of(ObjectPath path, ReadOnlyMemory<byte> value, PluginCatalog plugins)
        {
            // What is validated is what is stored, byte for byte. Not pooled, so it need not be disposed of.
            JsonElement parsed = JsonElement.Parse(value.Span);
            return new Draft(path, value, parsed, ObjectValidator.Validate(path.Kind, path.FullId, parsed, plugins));
        }
    }
}

/// <summary>A rule of one API beside those of the object itself: what is wrong with a valid object, null = nothing.</summary>
internal delegate ConfigError? ObjectRule(ResourceKind kind, JsonElement value);
