using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Store;

namespace Headgate.Control.Access;

/// <summary><c>/api/users</c>: people and their roles. Somebody who may do everything everywhere is always left.</summary>
internal sealed class UsersApi(IConfigStore store, SessionApi sessions, TimeProvider time)
{
    private const int AttemptsMax = 16;

    private static readonly string[] Members = ["username", "password", "desc", "roles", "disabled"];

    /// <summary>What follows <c>users</c> in the path.</summary>
    public ValueTask<AdminResponse> AnswerAsync(AdminRequest request) => (request.Method, request.Segments[1..]) switch
    {
        ("GET", []) => ListAsync(request),
        ("POST", []) => CreateAsync(request),
        ("GET", [var name]) => ShowAsync(name, request),
        ("PUT", [var name]) => ChangeAsync(name, request),
        ("DELETE", [var name]) => DeleteAsync(name, request),
        ("POST", [var name, "password"]) => ResetAsync(name, request),
        (_, [] or [_] or [_, "password"]) => ValueTask.FromResult(AdminResponse.Error(405, $"not supported `{request.Method}` method for this path")),
        _ => ValueTask.FromResult(AdminResponse.Error(404, "there is no such path")),
    };

    private static AdminResponse Unknown(string name) => AdminResponse.Error(404, $"there is no user {name}");

    private async ValueTask<AdminResponse> ListAsync(AdminRequest request)
    {
        StoreView view = await store.GetAsync(AccessKeys.Users, request.Aborted);
        UserRecord[] users = [.. view.Entries.Select(static entry => UserRecord.Read(entry.Value)).OfType<UserRecord>()];
        return AdminResponse.Object(200, users, static (writer, list) =>
        {
            writer.WriteStartArray("list");
            foreach (UserRecord user in list)
            {
                writer.WriteStartObject();
                WriteMembers(writer, user);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", list.Length);
        });
    }

    private async ValueTask<AdminResponse> ShowAsync(string name, AdminRequest request) =>
        await FindAsync(name, request.Aborted) is var (user, entry) && user is not null ? Shown(200, user, entry!.ModRevision, null) : Unknown(name);

    private async ValueTask<AdminResponse> CreateAsync(AdminRequest request)
    {
        if (PersonReader.Open(request, Members, out AdminResponse? refusal) is not { } reader)
            return refusal!;
        string? name = reader.Text("username");
        if (name is null || !ObjectId.IsLegal(name))
            reader.Refuse("username", "username must be 1 to 64 of a-z A-Z 0-9 - _ .");
        string? given = reader.Text("password");
        if (given is not null && Passwords.Refuse(given, name ?? "") is { } weak)
            reader.Refuse("password", weak);
        var user = new UserRecord
        {
            Username = name ?? "",
            PasswordHash = "",
            MustChangePassword = true,
            Description = reader.Text("desc"),
            Roles = reader.Roles("roles") ?? [],
            Disabled = reader.Flag("disabled") ?? false,
        };
        if (reader.Refusal is { } wrong)
            return wrong;
        string password = given ?? Passwords.Generate();
        DateTimeOffset now = time.GetUtcNow();
        user = user with
        {
            PasswordHash = await sessions.HashAsync(password, request.Aborted),
            CreateTime = now.ToUnixTimeSeconds(),
            UpdateTime = now.ToUnixTimeSeconds(),
            PasswordTimeMs = now.ToUnixTimeMilliseconds(),
        };
        string key = AccessKeys.User(user.Username);
        CommitResult result = await CommitAsync([new Compare.Missing(key)], new Operation.Put(key, user.ToJson()), request);
        return result.Applied ? Shown(201, user, result.Revision, given is null ? password : null) : AdminResponse.Error(409, $"there is a user {user.Username} already");
    }

    private ValueTask<AdminResponse> ChangeAsync(string name, AdminRequest request)
    {
        if (PersonReader.Open(request, ["username", "desc", "roles", "disabled", "must_change_password", "create_time", "update_time"], out AdminResponse? refusal) is not { } reader)
            return ValueTask.FromResult(refusal!);
        if (reader.Text("username") is { } given && given != name)
            reader.Refuse("username", "username cannot change");
        (string? desc, IReadOnlyList<GrantRecord> roles, bool disabled) = (reader.Text("desc"), reader.Roles("roles") ?? [], reader.Flag("disabled") ?? false);
        if (reader.Refusal is { } wrong)
            return ValueTask.FromResult(wrong);
        return WriteAsync(name, request, user => user with { Description = desc, Roles = roles, Disabled = disabled, UpdateTime = time.GetUtcNow().ToUnixTimeSeconds() }, null);
    }

    private async ValueTask<AdminResponse> ResetAsync(string name, AdminRequest request)
    {
        string password = Passwords.Generate();
        string hash = await sessions.HashAsync(password, request.Aborted);
        DateTimeOffset now = time.GetUtcNow();
        return await WriteAsync(
            name, request, user => user with { PasswordHash = hash, MustChangePassword = true, PasswordTimeMs = now.ToUnixTimeMilliseconds(), UpdateTime = now.ToUnixTimeSeconds() }, password);
    }

    private ValueTask<AdminResponse> DeleteAsync(string name, AdminRequest request) => WriteAsync(name, request, static _ => null, null);

    /// <summary>Changes a user by <paramref name="change"/>, null = deletes it. Somebody who may do everything must be left, and the transaction holds only while one is.</summary>
    private async ValueTask<AdminResponse> WriteAsync(string name, AdminRequest request, Func<UserRecord, UserRecord?> change, string? password)
    {
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            StoreView view = await store.GetAsync(AccessKeys.Users, request.Aborted);
            string key = AccessKeys.User(name);
            StoreEntry? entry = view.Entries.FirstOrDefault(found => found.Key == key);
            if (entry is null || UserRecord.Read(entry.Value) is not { } user)
                return Unknown(name);
            if (Preconditions.Check(request, "user", name, entry.ModRevision) is { } failed)
                return failed;
            UserRecord? changed = change(user);
            List<Compare> compares = [new Compare.UnchangedSince(key, entry.ModRevision)];
            if (IsOwner(user) && !(changed is not null && IsOwner(changed)))
            {
                if (view.Entries.FirstOrDefault(other => other.Key != key && UserRecord.Read(other.Value) is { } rest && IsOwner(rest)) is not { } left)
                    return AdminResponse.Error(409, $"{name} is the last user who may do everything everywhere; give another one that first");
                compares.Add(new Compare.UnchangedSince(left.Key, left.ModRevision));
            }

            CommitResult result = await CommitAsync(
                compares, changed is null ? new Operation.Delete(key) : new Operation.Put(key, changed.ToJson()), request);
            if (result.Applied)
                return changed is null ? ObjectDeletes.Deleted(key) : Shown(200, changed, result.Revision, password);
        }

        return AdminResponse.Error(503, "users are being written all the time; try again");
    }

    private static bool IsOwner(UserRecord user) => !user.Disabled && user.Grants.Contains(Grant.Everywhere(AccessRole.Owner));

    private async ValueTask<(UserRecord? User, StoreEntry? Entry)> FindAsync(string name, CancellationToken cancellationToken) =>
        ObjectId.IsLegal(name) && await store.FindAsync(AccessKeys.User(name), cancellationToken) is { } entry ? (UserRecord.Read(entry.Value), entry) : (null, null);

    private ValueTask<CommitResult> CommitAsync(IReadOnlyList<Compare> compares, Operation operation, AdminRequest request) =>
        store.CommitAsync(new Commit { Compares = compares, Operations = [operation], Origin = request.Origin }, CancellationToken.None);

    /// <summary><paramref name="password"/>: one that was made, shown this once; null = none was.</summary>
    private static AdminResponse Shown(int status, UserRecord user, long revision, string? password) => AdminResponse.Object(status, (user, password), static (writer, state) =>
    {
        writer.WriteStartObject("value");
        WriteMembers(writer, state.user);
        if (state.password is not null)
            writer.WriteString("password", state.password);
        writer.WriteEndObject();
    }, revision, headers: [("Cache-Control", "no-store")]);

    private static void WriteMembers(Utf8JsonWriter writer, UserRecord user)
    {
        writer.WriteString("username", user.Username);
        if (user.Description is not null)
            writer.WriteString("desc", user.Description);
        writer.WritePropertyName("roles");
        JsonSerializer.Serialize(writer, user.Roles);
        writer.WriteBoolean("disabled", user.Disabled);
        writer.WriteBoolean("must_change_password", user.MustChangePassword);
        writer.WriteNumber("create_time", user.CreateTime);
        writer.WriteNumber("update_time", user.UpdateTime);
    }
}
