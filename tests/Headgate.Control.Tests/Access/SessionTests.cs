using Headgate.Control.Access;
using Headgate.Control.Tests.AdminApi;
using Headgate.Store;
using Headgate.Testing;

namespace Headgate.Control.Tests.Access;

/// <summary>Logging in, staying in, and being put out.</summary>
public sealed class SessionTests : AccessTest
{
    private const string Owner = """[{"role":"owner"}]""";

    [Fact]
    public async Task FirstUser_IsMadeOnce_AndMustChangeThePassword()
    {
        string password = (await FirstUser.CreateAsync(Server.Store, Server.Clock, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        (await FirstUser.CreateAsync(Server.Store, Server.Clock, TestContext.Current.CancellationToken)).ShouldBeNull();
        Person admin = await LogInAsync("admin", password);
        (await admin.Send("GET", "upstreams")).ShouldBe(403).ErrorMessage!.ShouldStartWith("the password was given by somebody else");
        (await admin.Send("GET", "/api/session")).ShouldBe(200).Value.GetProperty("must_change_password").GetBoolean().ShouldBeTrue();
        (await admin.Send("PUT", "/api/session/password", $$"""{"old_password":"{{password}}","new_password":"short"}""")).ShouldBe(400).ErrorMessage.ShouldBe("new_password: a password has 12 to 256 characters");
        (await admin.Send("PUT", "/api/session/password", $$"""{"old_password":"wrong","new_password":"{{Password}}"}""")).ShouldBe(403);
        (await admin.Send("PUT", "/api/session/password", $$"""{"old_password":"{{password}}","new_password":"{{Password}}"}""")).ShouldBe(200);
        (await TryLogInAsync("admin", password)).ShouldBe(401);
        (await (await LogInAsync("admin", Password)).Send("GET", "upstreams")).ShouldBe(200);
    }

    [Fact]
    public async Task Session_NeedsItsProofForChanges_AndEndsWithLogout()
    {
        Person jane = await MakeAsync("jane", Owner);
        (await jane.Send("GET", "upstreams")).ShouldBe(200);
        (await jane.Send("PUT", "upstreams/1", Upstream, proves: false)).ShouldBe(403).ErrorMessage!.ShouldContain("X-CSRF-Token");
        (await jane.Send("PUT", "upstreams/1", Upstream)).ShouldBe(201);
        (await Server.Store.GetHistoryAsync("/apisix/upstreams/1", 1, TestContext.Current.CancellationToken))[0].Origin.Who.ShouldBe("jane");
        (await jane.Send("DELETE", "/api/session")).ShouldBe(200);
        (await jane.Send("GET", "upstreams")).ShouldBe(401).Json.GetProperty("description").GetString().ShouldBe("the session is over; log in");
    }

    [Fact]
    public async Task Session_EndsAfterTwelveHours_AndWithAnewPassword_AndWhenTheUserIsDisabled()
    {
        Person jane = await MakeAsync("jane", Owner);
        Server.Clock.UnixSeconds += 12 * 3600;
        (await jane.Send("GET", "upstreams")).ShouldBe(401);
        Person again = await LogInAsync("jane", Password);
        Person beside = await LogInAsync("jane", Password);
        Server.Clock.UnixSeconds++;
        (await again.Send("PUT", "/api/session/password", $$"""{"old_password":"{{Password}}","new_password":"{{Password}} 2"}""")).ShouldBe(200);
        (await beside.Send("GET", "upstreams")).ShouldBe(401);
        Person third = await LogInAsync("jane", Password + " 2");
        (await Admin.Post("/api/users", """{"username":"other","roles":[{"role":"owner"}]}""")).ShouldBe(201);
        (await Admin.Put("/api/users/jane", """{"roles":[{"role":"owner"}],"disabled":true}""")).ShouldBe(200);
        (await third.Send("GET", "upstreams")).ShouldBe(401);
        (await TryLogInAsync("jane", Password + " 2")).ShouldBe(401);
    }

    [Fact]
    public async Task Guessing_IsLockedOut_LongerEachTime_AndForgottenAfterALogin()
    {
        await MakeAsync("jane", Owner);
        for (int i = 0; i < 5; i++)
            (await TryLogInAsync("jane", "wrong password " + i)).ShouldBe(401);
        AdminAnswer locked = (await TryLogInAsync("jane", Password)).ShouldBe(429);
        locked.Header("Retry-After").ShouldBe("60");
        (await TryLogInAsync("nobody", "wrong password")).ShouldBe(401);
        Server.Clock.UnixSeconds += 60;
        (await TryLogInAsync("jane", "wrong again, please")).ShouldBe(401);
        (await TryLogInAsync("jane", Password)).ShouldBe(429).Header("Retry-After").ShouldBe("120");
        Server.Clock.UnixSeconds += 120;
        (await TryLogInAsync("jane", Password)).ShouldBe(200);
        (await TryLogInAsync("jane", "wrong once more, please")).ShouldBe(401);
        (await TryLogInAsync("jane", Password)).ShouldBe(200);
    }

    [Fact]
    public async Task FailedLogins_AreLogged_AndTheLockout_ButNotWhatWasTyped()
    {
        using LogCatcher logs = new();
        await using AdminServer server = await AdminServer.StartAsync(new InMemoryStore(), logs: logs);
        for (int i = 0; i < 5; i++)
            (await server.Client.Post("/api/session", $$"""{"username":"jane","password":"typed wrongly {{i}}"}""")).ShouldBe(401);
        (await server.Client.Post("/api/session", """{"username":"a\nb","password":"typed wrongly"}""")).ShouldBe(401);
        string[] lines = [.. logs.Lines.Where(line => line.Contains("login", StringComparison.Ordinal)).Select(line => line.TrimEnd())];
        lines.ShouldBe(
        [
            .. Enumerable.Repeat("A login of jane from 127.0.0.1 has failed.", 4), "Too many logins of jane or from 127.0.0.1 have failed: they are refused for a while.",
            "A login of (a name that no user can have) from 127.0.0.1 has failed.",
        ]);
        logs.Lines.ShouldNotContain(line => line.Contains("typed wrongly", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NothingThatIsSecret_IsInAnswersOrInTheStore()
    {
        Person jane = await MakeAsync("jane", Owner);
        string users = (await jane.Send("GET", "/api/users")).Body + (await jane.Send("GET", "/api/users/jane")).Body;
        users.ShouldNotContain("pbkdf2");
        users.ShouldNotContain("hash");
        StoreView stored = await Server.Store.GetAsync("/", TestContext.Current.CancellationToken);
        string all = string.Concat(stored.Entries.Select(entry => entry.Key + System.Text.Encoding.UTF8.GetString(entry.Value.Span)));
        all.ShouldNotContain(Password);
        all.ShouldContain("pbkdf2-sha512$210000$");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"username":1,"password":"x"}""")]
    [InlineData("""{"username":"","password":""}""")]
    public async Task Login_OfWhatIsNone_Is400(string body)
    {
        using var nobody = new AdminClient(Server.Address, null);
        (await nobody.Post("/api/session", body)).ShouldBe(400);
    }

    [Theory]
    [InlineData("jane-jane-jane", "jane", "name")]
    [InlineData("aaaaaaaaaaaaaaaa", "jane", "different")]
    [InlineData("short", "jane", "12 to 256")]
    [InlineData("correct horse battery", "jane", null)]
    public void Refuse_WeakPasswords(string password, string user, string? text)
    {
        string? refused = Passwords.Refuse(password, user);
        if (text is null)
            refused.ShouldBeNull();
        else
            refused.ShouldNotBeNull().ShouldContain(text);
    }

    [Fact]
    public void Hash_MatchesItsPasswordAlone()
    {
        string hash = Passwords.Hash("correct horse");
        Passwords.Matches("correct horse", hash).ShouldBeTrue();
        Passwords.Matches("correct horsf", hash).ShouldBeFalse();
        Passwords.Matches("correct horse", null).ShouldBeFalse();
        Passwords.Matches("correct horse", "pbkdf2-sha512$1$x$y").ShouldBeFalse();
        Passwords.Matches("correct horse", "plain").ShouldBeFalse();
        hash.ShouldNotBe(Passwords.Hash("correct horse"));
    }
}
