using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Registries.FileRegistry;
using Headgate.Testing;
using Headgate.Testing.Registries;

namespace Headgate.Proxy.Tests.Registries.FileRegistry;

public sealed class FileRegistryClientTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("headgate-file-registry-").FullName;
    private readonly string _path;

    public FileRegistryClientTests() => _path = Path.Combine(_folder, "services.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Follow_FileThatChanges_FollowsEachService()
    {
        Write("""{"web":[{"host":"10.0.0.1","port":80},{"host":"B.test","port":81,"weight":0,"priority":-1,"metadata":{"v":2,"ok":true}}],"api":[]}""");
        await using FileRegistryClient client = Client();
        await using var web = new ServiceFollower(client, Key("web"));
        await using var api = new ServiceFollower(client, Key("api"));
        await web.ShowsAsync("10.0.0.1:80*100 b.test:81*0");
        web.Latest!.Instances[1].Priority.ShouldBe(-1);
        web.Latest.Instances[1].Metadata.ShouldBe([new MetadataEntry("ok", "true"), new MetadataEntry("v", "2")]);
        await api.ShowsAsync("");

        Replace("""{"web":[{"host":"10.0.0.2","port":80}],"api":[{"host":"::1"}]}""");
        await web.ShowsAsync("10.0.0.2:80*100");
        await api.ShowsAsync("[::1]:*100");

        // A service that the file no longer has is one without instances: the file says so.
        Write("{}");
        await web.ShowsAsync("");
        (await client.ListServicesAsync(10, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Follow_EqualContentWrittenAgain_TellsNobody()
    {
        Write("""{"web":[{"host":"10.0.0.1","port":80}]}""");
        await using FileRegistryClient client = Client();
        await using var web = new ServiceFollower(client, Key("web"));
        await web.ShowsAsync("10.0.0.1:80*100");
        Replace("""{"web":[{"host":"10.0.0.1","port":80}]}""");
        Replace("""{"web":[{"host":"10.0.0.1","port":80}],"more":[]}""");
        await Eventually.HoldsAsync(() => web.Answers.Count == 2, "the second answer");
    }

    [Fact]
    public async Task Follow_SameTimeAndLength_IsSeen()
    {
        Write("""{"web":[{"host":"10.0.0.1","port":80}]}""");
        DateTime written = File.GetLastWriteTimeUtc(_path);
        await using FileRegistryClient client = Client();
        await using var web = new ServiceFollower(client, Key("web"));
        await web.ShowsAsync("10.0.0.1:80*100");
        Write("""{"web":[{"host":"10.0.0.2","port":80}]}""");
        File.SetLastWriteTimeUtc(_path, written); // as within one step of the file system's clock
        await web.ShowsAsync("10.0.0.2:80*100");
    }

    [Fact]
    public async Task Follow_LinkThatIsSetAnew_IsSeen()
    {
        foreach (string version in (string[])["1", "2"])
        {
            Directory.CreateDirectory(Path.Combine(_folder, version));
            await File.WriteAllTextAsync(Path.Combine(_folder, version, "services.json"), $$"""{"web":[{"host":"10.0.0.{{version}}","port":80}]}""", TestContext.Current.CancellationToken);
            File.SetLastWriteTimeUtc(Path.Combine(_folder, version, "services.json"), new DateTime(2026, 1, int.Parse(version, null), 0, 0, 0, DateTimeKind.Utc));
        }

        File.CreateSymbolicLink(_path, Path.Combine(_folder, "1", "services.json"));
        await using FileRegistryClient client = Client();
        await using var web = new ServiceFollower(client, Key("web"));
        await web.ShowsAsync("10.0.0.1:80*100");
        File.CreateSymbolicLink(_path + ".new", Path.Combine(_folder, "2", "services.json"));
        File.Move(_path + ".new", _path, overwrite: true);
        await web.ShowsAsync("10.0.0.2:80*100");
    }

    [Theory]
    [InlineData("""{"web":[{"host":"10.0.0.1","po""", "is no JSON: ")]
    [InlineData("", "is no JSON: ")]
    [InlineData("[]", "is a list; allowed: an object with names of services and their lists of nodes")]
    [InlineData(null, "cannot be read: ")]
    public async Task Follow_BrokenFile_FailsAndReadsAnewTheNextTime(string? content, string problem)
    {
        Write("""{"web":[{"host":"10.0.0.1","port":80}]}""");
        await using FileRegistryClient client = Client();
        await using (var web = new ServiceFollower(client, Key("web")))
        {
            await web.ShowsAsync("10.0.0.1:80*100");
            if (content is null)
                File.Delete(_path);
            else
                Write(content);
            RegistryException failure = await web.FailsAsync();
            failure.Message.ShouldStartWith($"{_path} {problem}");
            failure.IsOfServiceOnly.ShouldBeFalse();
            web.Shown.ShouldBe("10.0.0.1:80*100");
            (await Should.ThrowAsync<RegistryException>(client.TestAsync(CancellationToken.None))).Message.ShouldStartWith($"{_path} {problem}");
        }

        Write("""{"web":[{"host":"10.0.0.2","port":80}]}""");
        await using var again = new ServiceFollower(client, Key("web"));
        await again.ShowsAsync("10.0.0.2:80*100");
        await client.TestAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Follow_OneServiceThatCannotBeRead_LeavesTheOthers()
    {
        Write("""{"bad":[{"host":"10.0.0.1","prt":80}],"worse":{"a":"secret"},"web":[{"host":"10.0.0.1","port":80},{"host":"a b","port":80},{"host":"c","port":0},"d",{"host":"e","weight":"1"},{"port":1}]}""");
        await using FileRegistryClient client = Client();
        await using var bad = new ServiceFollower(client, Key("bad"));
        await using var worse = new ServiceFollower(client, Key("worse"));
        await using var web = new ServiceFollower(client, Key("web"));
        await web.ShowsAsync("10.0.0.1:80*100");
        web.Latest!.Problems.ShouldBe(
        [
            "web[1]: \"a b\" is no host",
            "web[2]: the port of c is 0; allowed: 1 to 65535",
            "web[3] is a text; allowed: an object with host, port, weight, priority, metadata",
            "web[4].weight is a text; allowed: a number",
            "web[5].host is missing",
        ]);
        RegistryException failure = await bad.FailsAsync();
        failure.Message.ShouldBe($"{_path}: no node can be used: bad[0].prt is no member of a node; allowed: host, port, weight, priority, metadata");
        failure.IsOfServiceOnly.ShouldBeTrue();
        (await worse.FailsAsync()).Message.ShouldBe($"{_path}: worse is an object; allowed: a list of nodes");
    }

    [Fact]
    public async Task Follow_Metadata_KeepsThoseThatHaveAll()
    {
        Write("""{"web":[{"host":"a","port":1,"metadata":{"v":"1","zone":"x"}},{"host":"b","port":1,"metadata":{"v":"1"}},{"host":"c","port":1}]}""");
        await using FileRegistryClient client = Client();
        await using var web = new ServiceFollower(client, Key("web") with { Arguments = new DiscoveryArguments { Metadata = [new MetadataEntry("v", "1")] } });
        await web.ShowsAsync("a:1*100 b:1*100");
    }

    [Fact]
    public async Task ListServices_Max_IsKept()
    {
        Write("""{"b":[],"a":[],"c":[]}""");
        await using FileRegistryClient client = Client();
        (await client.ListServicesAsync(2, CancellationToken.None)).ShouldBe(["a", "b"]);
    }

    private static ServiceKey Key(string service) => new("file", null, service, DiscoveryArguments.None);

    private FileRegistryClient Client() => new(new FileRegistryConfig { Path = _path }, TimeProvider.System);

    private void Write(string content) => File.WriteAllText(_path, content);

    private void Replace(string content)
    {
        File.WriteAllText(_path + ".new", content);
        File.Move(_path + ".new", _path, overwrite: true);
    }
}
