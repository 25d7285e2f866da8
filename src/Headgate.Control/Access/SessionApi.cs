using System.Globalization;
using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Store;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.Access;

/// <summary><c>/api/session</c>: log in, say who one is, change one's password, log out.</summary>
internal sealed class SessionApi(IConfigStore store, People people, Lockout lockout, TimeProvider time, ILogger log) : IDisposable
{
    /// <summary>Passwords that are checked at once: each takes a tenth of a second of a core.</summary>
    private readonly SemaphoreSlim _checks = new(1, 1);

    /// <summary><c>POST /api/session {"username","password"}</c>. <paramref name="isSecure"/>: whether it came over TLS; then the cookie does not travel otherwise.</summary>
    public async ValueTask<AdminResponse> LogInAsync(AdminRequest request, bool isSecure)
    {
        if (Text(request, "username") is not { Length: > 0 } username || Text(request, "password") is not { Length: > 0 } password)
            return AdminResponse.Error(400, "username and password are needed");
        if (username.Length > 64 || password.Length > Passwords.LengthMax)
            return Wrong();
        if (Locked(username, request) is { } locked)
            return locked;
        UserRecord? user = await people.FindAsync(username, request.Aborted);
        bool matches = await MatchesAsync(password, user?.PasswordHash, request.Aborted);
        if (!matches || user!.Disabled)
            return Failed(username, request, Wrong());
        lockout.Succeed(username);
        return await BegunAsync(user, request, isSecure);
    }

    /// <summary><c>GET /api/session</c>.</summary>
    public static AdminResponse Show(AdminRequest request) => Shown(request.Caller.Name, request.Caller, request.Caller.Session);

    /// <summary><c>DELETE /api/session</c>.</summary>
    public async ValueTask<AdminResponse> LogOutAsync(AdminRequest request)
    {
        if (request.Caller.Session is not { } secret)
            return AdminResponse.Error(400, "there is no session to end");
        await WriteAsync(new Operation.Delete(AccessKeys.Session(Session.HashOf(secret))), request);
        return AdminResponse.Object(200, 0, static (writer, _) => writer.WriteBoolean("logged_out", true), headers: [("Set-Cookie", $"{Session.Cookie}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict")]);
    }

    /// <summary><c>PUT /api/session/password {"old_password","new_password"}</c>: ends the user's other sessions.</summary>
    public async ValueTask<AdminResponse> ChangePasswordAsync(AdminRequest request, bool isSecure)
    {
        if (request.Caller is not { User: { } user, Session: not null })
            return AdminResponse.Error(400, "only who has logged in changes a password");
        if (Text(request, "old_password") is not { } old || Text(request, "new_password") is not { } wanted)
            return AdminResponse.Error(400, "old_password and new_password are needed");
        if (Locked(user.Username, request) is { } locked)
            return locked;
        if (!await MatchesAsync(old.Length > Passwords.LengthMax ? "" : old, user.PasswordHash, request.Aborted))
            return Failed(user.Username, request, AdminResponse.Error(403, "old_password is wrong"));
        if (wanted == old)
            return AdminResponse.Error(400, "new_password is the old one");
        if (Passwords.Refuse(wanted, user.Username) is { } refused)
            return AdminResponse.Error(400, "new_password: " + refused);
        string key = AccessKeys.User(user.Username);
        if (await store.FindAsync(key, request.Aborted) is not { } entry || UserRecord.Read(entry.Value) is not { } current)
            return AdminResponse.Error(409, "the user is gone");
        DateTimeOffset now = time.GetUtcNow();
        UserRecord changed = current with
        {
            PasswordHash = await HashAsync(wanted, request.Aborted),
            MustChangePassword = false,
            PasswordTimeMs = now.ToUnixTimeMilliseconds(),
            UpdateTime = now.ToUnixTimeSeconds(),
        };
        var commit = new Commit { Compares = [new Compare.UnchangedSince(key, entry.ModRevision)], Operations = [new Operation.Put(key, changed.ToJson())], Origin = request.Origin };
        return (await store.CommitAsync(commit, CancellationToken.None)).Applied ? await BegunAsync(changed, request, isSecure) : AdminResponse.Error(409, "the user was changed meanwhile; try again");
    }

    /// <summary>What is stored of a password. Takes its turn: it costs a tenth of a second of a core.</summary>
    public async ValueTask<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        await _checks.WaitAsync(cancellationToken);
        try
        {
            return Passwords.Hash(password);
        }
        finally
        {
            _checks.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _checks.Dispose();

    private static AdminResponse Wrong() => AdminResponse.Error(401, "wrong username or password");

    private static string? Text(AdminRequest request, string name) =>
        request.Body is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static AdminResponse Shown(string name, Caller caller, string? secret, IReadOnlyList<(string, string)>? headers = null) => AdminResponse.Object(200, (name, caller, secret), static (writer, state) =>
    {
        writer.WriteStartObject("value");
        writer.WriteString("username", state.name);
        writer.WriteBoolean("must_change_password", state.caller.User?.MustChangePassword ?? false);
        writer.WritePropertyName("roles");
        JsonSerializer.Serialize(writer, state.caller.Grants.Select(static grant => GrantRecord.Of(grant)).ToArray());
        writer.WriteString("gateway_group_id", state.caller.Home.Group);
        writer.WriteString("workspace_id", state.caller.Home.Workspace);
        if (state.secret is not null)
            writer.WriteString("csrf_token", Session.CsrfToken(state.secret));
        writer.WriteEndObject();
    }, headers: headers);

    private AdminResponse? Locked(string username, AdminRequest request)
    {
        TimeSpan wait = lockout.Wait(username, request.Caller.Address);
        if (wait <= TimeSpan.Zero)
            return null;
        string seconds = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return AdminResponse.Object(429, seconds, static (writer, left) => writer.WriteString("error_msg", $"too many wrong passwords; try again in {left} s"), headers: [("Retry-After", seconds)]);
    }

    private AdminResponse Failed(string username, AdminRequest request, AdminResponse answer)
    {
        // Whoever knocks writes into the log: not what they like.
        string named = ObjectId.IsLegal(username) ? username : "(a name that no user can have)";
        if (lockout.Fail(username, request.Caller.Address))
            AccessLog.LockedOut(log, named, request.Caller.Address);
        else
            AccessLog.LoginFailed(log, named, request.Caller.Address);
        return answer;
    }

    private async ValueTask<bool> MatchesAsync(string password, string? stored, CancellationToken cancellationToken)
    {
        await _checks.WaitAsync(cancellationToken);
        try
        {
            return Passwords.Matches(password, stored);
        }
        finally
        {
            _checks.Release();
        }
    }

    private async ValueTask<AdminResponse> BegunAsync(UserRecord user, AdminRequest request, bool isSecure)
    {
        string secret = Session.NewSecret();
        var session = new Session { Username = user.Username, CreateTimeMs = time.GetUtcNow().ToUnixTimeMilliseconds() };
        await WriteAsync(new Operation.Put(AccessKeys.Session(Session.HashOf(secret)), JsonSerializer.SerializeToUtf8Bytes(session), Session.Lifetime), request);
        string cookie = $"{Session.Cookie}={secret}; Path=/; Max-Age={(int)Session.Lifetime.TotalSeconds}; HttpOnly; SameSite=Strict{(isSecure ? "; Secure" : "")}";
        return Shown(user.Username, request.Caller with { User = user, Grants = user.Grants }, secret, [("Set-Cookie", cookie), ("Cache-Control", "no-store")]);
    }

    private async ValueTask WriteAsync(Operation operation, AdminRequest request) =>
        await store.CommitAsync(new Commit { Operations = [operation], Origin = request.Origin }, CancellationToken.None);
}
