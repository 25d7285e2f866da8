using System.Text.Json;
using Headgate.Control.Access;
using Headgate.Control.Tests.AdminApi;
using Headgate.Store;

namespace Headgate.Control.Tests.Access;

/// <summary>People who log in to a server, as their browsers do.</summary>
public abstract class AccessTest(StoreKind kind = StoreKind.Memory) : AdminApiTest(kind)
{
    protected const string Password = "a fine long password";

    /// <summary>Makes a user with the roles, who has changed the password already, and logs in.</summary>
    protected async Task<Person> MakeAsync(string name, string roles)
    {
        string given = (await Admin.Post("/api/users", $$"""{"username":"{{name}}","roles":{{roles}}}""")).ShouldBe(201).Value.GetProperty("password").GetString()!;
        Person first = await LogInAsync(name, given);
        (await first.Send("PUT", "/api/session/password", JsonSerializer.Serialize(new { old_password = given, new_password = Password }))).ShouldBe(200);
        return await LogInAsync(name, Password);
    }

    /// <summary>A user with the roles who has a session, put straight into the store: passwords take their time.</summary>
    protected async Task<Person> PutAsync(string name, string roles)
    {
        string secret = Session.NewSecret();
        var user = new UserRecord { Username = name, PasswordHash = "", Roles = JsonSerializer.Deserialize<GrantRecord[]>(roles)! };
        var session = new Session { Username = name, CreateTimeMs = Server.Clock.GetUtcNow().ToUnixTimeMilliseconds() };
        await Server.Store.CommitAsync(
            new Commit
            {
                Operations = [new Operation.Put(AccessKeys.User(name), user.ToJson()), new Operation.Put(AccessKeys.Session(Session.HashOf(secret)), JsonSerializer.SerializeToUtf8Bytes(session))],
                Origin = new Origin("test", "local", "a user"),
            },
            TestContext.Current.CancellationToken);
        return new Person(Server.Address, $"{Session.Cookie}={secret}", Session.CsrfToken(secret));
    }

    /// <summary>Logs in, which must succeed.</summary>
    protected async Task<Person> LogInAsync(string name, string password)
    {
        AdminAnswer answer = (await TryLogInAsync(name, password)).ShouldBe(200);
        string cookie = answer.Header("Set-Cookie")!;
        cookie.ShouldContain("; HttpOnly; SameSite=Strict");
        return new Person(Server.Address, cookie.Split(';')[0], answer.Value.GetProperty("csrf_token").GetString()!);
    }

    /// <summary>Tries to.</summary>
    protected async Task<AdminAnswer> TryLogInAsync(string name, string password)
    {
        using var nobody = new AdminClient(Server.Address, null);
        return await nobody.Post("/api/session", JsonSerializer.Serialize(new { username = name, password }));
    }

    /// <summary>Somebody with a session.</summary>
    protected sealed class Person(Uri address, string cookie, string csrf)
    {
        /// <summary>What a request has to have to be theirs.</summary>
        public (string Name, string Value)[] Proof => [("Cookie", cookie), ("X-CSRF-Token", csrf)];

        /// <summary>Sends a request with the cookie, and with the token unless <paramref name="proves"/> is false.</summary>
        public async Task<AdminAnswer> Send(string method, string path, string? body = null, bool proves = true)
        {
            using var client = new AdminClient(address, null);
            return await client.Send(method, path, body, proves ? Proof : [("Cookie", cookie)]);
        }
    }
}
