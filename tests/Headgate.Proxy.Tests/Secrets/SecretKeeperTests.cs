using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Proxy.Secrets;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Secrets;

/// <summary>Secrets from files, the environment, and a server that speaks Vault's protocol.</summary>
public sealed class SecretKeeperTests : IDisposable
{
    private const string OfVault = "$secret://vault/1/jack/auth/key";

    private readonly ManualTimeProvider _time = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-secrets-");
    private readonly SecretKeeper _keeper;

    public SecretKeeperTests() =>
        _keeper = new SecretKeeper(new SecretKeeperOptions { Folders = [_folder.FullName], Timeout = TimeSpan.FromSeconds(1) }, _time, NullLogger<SecretKeeper>.Instance);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _keeper.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("""{"data":{"key":"s1"}}""")]
    [InlineData("""{"data":{"data":{"key":"s1"},"metadata":{}}}""")]
    public async Task Vault_AnswersInEitherForm_ItsSecretIsHad(string answer)
    {
        string head = "";
        await using ScriptedNode vault = Vault(request =>
        {
            head = request;
            return Json(answer);
        });
        await PrepareAsync(Manager(vault), User(OfVault));
        Value(OfVault).ShouldBe("s1");
        head.ShouldStartWith("GET /v1/kv/team/jack/auth HTTP/1.1\r\n");
        head.ShouldContain("X-Vault-Token: t0ken\r\n");
    }

    [Theory]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "answers 403")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /v1/kv/team/other\r\nContent-Length: 0\r\n\r\n", "answers 302")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{\"a", "the answer is no JSON")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"data\":{\"other\":1}}", "has no text \"key\"")]
    [InlineData("", "does not answer within 1 s")]
    public async Task Vault_AnswersBadly_IsSaid_AndAskedAgainSoon(string bad, string problem)
    {
        string answer = bad;
        await using ScriptedNode vault = Vault(_ => Volatile.Read(ref answer));
        await PrepareAsync(Manager(vault), User(OfVault));
        _keeper.TryGet(OfVault, out string? value, out string? why).ShouldBeFalse();
        why.ShouldNotBeNull().ShouldContain(problem);
        value.ShouldBeNull();

        Volatile.Write(ref answer, Json("""{"data":{"key":"s2"}}"""));
        (await _keeper.RefreshAsync([OfVault], Cancel)).ShouldBeEmpty("it is not due yet");
        _time.Advance(TimeSpan.FromSeconds(5));
        (await _keeper.RefreshAsync([OfVault], Cancel)).ShouldBe([OfVault]);
        Value(OfVault).ShouldBe("s2");
    }

    [Fact]
    public async Task Vault_Gone_ItsLastValueStays()
    {
        string answer = Json("""{"data":{"key":"s1"}}""");
        await using ScriptedNode vault = Vault(_ => Volatile.Read(ref answer));
        await PrepareAsync(Manager(vault), User(OfVault));
        Volatile.Write(ref answer, "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
        _time.Advance(TimeSpan.FromMinutes(1));
        (await _keeper.RefreshAsync([OfVault], Cancel)).ShouldBeEmpty();
        Value(OfVault).ShouldBe("s1");
    }

    [Fact]
    public async Task Manager_Edited_SecretsAreAskedForAnew()
    {
        await using ScriptedNode first = Vault(_ => Json("""{"data":{"key":"s1"}}""")), second = Vault(_ => Json("""{"data":{"key":"s2"}}"""));
        await PrepareAsync(Manager(first), User(OfVault));
        (await PrepareAsync(Manager(second))).ShouldBe([OfVault]);
        Value(OfVault).ShouldBe("s2");
        _keeper.TryGet("$secret://vault/2/a/b", out _, out _).ShouldBeFalse();
    }

    [Fact]
    public async Task File_IsRead_AndFollowed()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "db"));
        string file = Path.Combine(_folder.FullName, "db", "password");
        await File.WriteAllTextAsync(file, "p1\n", Cancel);
        await PrepareAsync(FileManager(_folder.FullName), User("$secret://file/1/db/password"));
        Value("$secret://file/1/db/password").ShouldBe("p1");
        await File.WriteAllTextAsync(file, "p2", Cancel);
        _time.Advance(TimeSpan.FromMinutes(1));
        (await _keeper.RefreshAsync(["$secret://file/1/db/password"], Cancel)).Count.ShouldBe(1);
        Value("$secret://file/1/db/password").ShouldBe("p2");
    }

    [Theory]
    [InlineData("/etc", "$secret://file/1/passwd")]
    [InlineData(null, "$secret://file/1/../../etc/passwd")]
    [InlineData(null, "$secret://file/1//etc/passwd")]
    [InlineData(null, "$secret://file/1/none")]
    public async Task File_OutsideOfWhatIsAllowed_OrAbsent_IsNotRead(string? folder, string reference)
    {
        await PrepareAsync(FileManager(folder ?? _folder.FullName), User(reference));
        _keeper.TryGet(reference, out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Environment_IsRead()
    {
        string name = $"HEADGATE_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(name, """{"a":"x"}""");
        Value($"$env://{name}/a").ShouldBe("x");
        Value($"$ENV://{name}").ShouldBe("""{"a":"x"}""");
        _keeper.TryGet($"$env://{name}/b", out _, out string? problem).ShouldBeFalse();
        problem.ShouldBe($"the environment variable {name} is no JSON object with a text \"b\"");
        _keeper.TryGet($"$env://{name}_NOT", out _, out problem).ShouldBeFalse();
        problem.ShouldBe($"there is no environment variable {name}_NOT");
        Environment.SetEnvironmentVariable(name, null);
    }

    private static ScriptedNode Vault(Func<string, string> answer) => ScriptedNode.Start(async peer =>
    {
        while (await peer.ReadHeadAsync() is { } head)
        {
            if (answer(head) is { Length: > 0 } text)
                await peer.SendAsync(text);
        }
    });

    private static string Json(string body) => $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static ConfigChange Manager(ScriptedNode vault) => Change(
        ResourceKind.Secret, "vault/1", $$"""{"uri":"http://127.0.0.1:{{vault.Port}}","prefix":"kv/team","token":"t0ken"}""");

    private static ConfigChange FileManager(string folder) => Change(ResourceKind.Secret, "file/1", $$"""{"folder":"{{folder}}"}""");

    private static ConfigChange User(string reference) => Change(ResourceKind.Consumer, "jack", $$$$"""{"username":"jack","plugins":{"key-auth":{"key":"{{{{reference}}}}"}}}""");

    private static ConfigChange Change(ResourceKind kind, string id, string json) => new(kind, id, Encoding.UTF8.GetBytes(json));

    private Task<IReadOnlySet<string>> PrepareAsync(params ConfigChange[] changes) => _keeper.PrepareAsync(changes, Cancel);

    private string? Value(string reference) => _keeper.TryGet(reference, out string? value, out string? problem) ? value : throw new ShouldAssertException(problem);
}
