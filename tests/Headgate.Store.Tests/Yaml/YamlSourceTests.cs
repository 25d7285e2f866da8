using System.Text;
using Headgate.Store.Tests.Embedded;
using Headgate.Store.Yaml;
using Headgate.Testing;

namespace Headgate.Store.Tests.Yaml;

public sealed class YamlSourceTests : IAsyncDisposable
{
    private readonly TempFolder _folder = TempFolder.OnDisk();
    private readonly RecordedLog<YamlSource> _log = new();
    private readonly Dictionary<string, string> _environment = [];
    private YamlSource? _source;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder.Path, "apisix.yaml");

    private YamlSource Source => _source ?? throw new InvalidOperationException("The source is not open.");

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
            await _source.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Open_ReadsTheFile()
    {
        Open("upstreams:\n- id: 1\n  nodes: {\"127.0.0.1:80\": 1}\nroutes:\n- {id: r, uri: /a, upstream_id: 1}\n#END\n");

        (await ReadAsync()).ShouldBe("""/apisix/routes/r={"id":"r","uri":"/a","upstream_id":1} /apisix/upstreams/1={"id":"1","nodes":{"127.0.0.1:80":1}}""");
        (await Source.GetAsync("/apisix/routes/", Token)).Entries.ShouldHaveSingleItem().ModRevision.ShouldBe(1);
        (await Source.GetAsync("", Token)).Revision.ShouldBe(1);
    }

    [Fact]
    public async Task Change_IsSeen_AndOnlyWhatDiffersIsARevision()
    {
        Open("routes: [{id: a, uri: /a}, {id: b, uri: /b}, {id: c, uri: /c}]\n#END");
        Task<StoreRevision> next = NextAsync(1);

        Write("routes: [{id: a, uri: /a}, {id: b, uri: /other}, {id: d, uri: /d}]\n#END");

        StoreRevision revision = await next;
        revision.Revision.ShouldBe(2);
        revision.Changes.Select(change => $"{change.Key} {change.Entry?.CreateRevision} {change.Entry?.ModRevision}").ShouldBe(["/apisix/routes/b 1 2", "/apisix/routes/c  ", "/apisix/routes/d 2 2"]);
        (await Source.GetAsync("/apisix/", Token)).Entries.Select(entry => entry.ModRevision).ShouldBe([1, 2, 2]);
    }

    [Fact]
    public async Task OlderFileMovedIntoPlace_IsSeen()
    {
        Open("routes: [{id: a, uri: /a}]\n#END");
        Task<StoreRevision> next = NextAsync(1);
        string other = Path.Combine(_folder.Path, "other.yaml");
        await System.IO.File.WriteAllTextAsync(other, "routes: [{id: a, uri: /b}]\n#END", Token);
        System.IO.File.SetLastWriteTimeUtc(other, System.IO.File.GetLastWriteTimeUtc(File));

        System.IO.File.Move(other, File, overwrite: true);

        (await next).Changes.ShouldHaveSingleItem().Key.ShouldBe("/apisix/routes/a");
    }

    [Fact]
    public async Task LinkTurnedElsewhere_IsSeen()
    {
        foreach ((string name, string uri) in ((string, string)[])[("v1", "/a"), ("v2", "/b")])
        {
            Directory.CreateDirectory(Path.Combine(_folder.Path, name));
            await System.IO.File.WriteAllTextAsync(Path.Combine(_folder.Path, name, "apisix.yaml"), $"routes: [{{id: a, uri: {uri}}}]\n#END", Token);
        }

        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "data"), "v1");
        System.IO.File.CreateSymbolicLink(File, "data/apisix.yaml");
        Open();
        Task<StoreRevision> next = NextAsync(1);

        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "data.new"), "v2");
        Directory.Move(Path.Combine(_folder.Path, "data"), Path.Combine(_folder.Path, "data.old"));
        Directory.Move(Path.Combine(_folder.Path, "data.new"), Path.Combine(_folder.Path, "data"));

        Text((await next).Changes.ShouldHaveSingleItem().Entry!).ShouldContain("/b");
    }

    [Theory]
    [InlineData("routes: []\n", "it does not end with #END, as a file does that was written to its end")]
    [InlineData("routes: [\n#END", "line 3: not valid YAML: ")]
    [InlineData("routes: {a: 1}\n#END", "routes is a mapping; it has to be a list")]
    [InlineData("#END", "there is nothing in it; an empty configuration is written \"routes: []\"")]
    [InlineData("routes: [{id: ${{NOT_SET}}}]\n#END", "line 1: environment variable NOT_SET is not set; set it, or write a default: ${{NOT_SET:=default}}")]
    [InlineData("", "it does not end with #END")]
    public async Task FileThatIsNoGood_LeavesWhatIsServed_AndIsLoggedOnce(string text, string reason)
    {
        Open("routes: [{id: a, uri: /a}]\n#END");

        Write(text);

        await Eventually.HoldsAsync(() => _log.Of(1053).Length > 0, "the failure is logged");
        _log.Of(1053).ShouldHaveSingleItem().ShouldStartWith($"1053 {File} cannot be used, and nothing of it is taken: {reason}");
        (await ReadAsync()).ShouldBe("""/apisix/routes/a={"id":"a","uri":"/a"}""");
        Write("routes: [{id: b, uri: /b}]\n#END");
        (await NextAsync(1)).Changes.Count.ShouldBe(2);
        _log.Of(1053).Length.ShouldBe(1);
    }

    [Fact]
    public async Task FileGone_LeavesWhatIsServed_AndItsReturnIsSeen()
    {
        Open("routes: [{id: a, uri: /a}]\n#END");

        System.IO.File.Delete(File);

        await Eventually.HoldsAsync(() => _log.Of(1053).Length > 0, "the failure is logged");
        (await ReadAsync()).ShouldStartWith("/apisix/routes/a=");
        Write("routes: [{id: a, uri: /b}]\n#END");
        (await NextAsync(1)).Revision.ShouldBe(2);
    }

    [Fact]
    public async Task MissingAtFirst_CannotBeRead_UntilItIsThere()
    {
        Open();
        StoreUnavailableException missing = await Should.ThrowAsync<StoreUnavailableException>(async () => await Source.GetAsync("/", Token));
        missing.Message.ShouldStartWith($"The configuration file {File} cannot be used: No such file");

        Write("routes: [{id: a, uri: /a}]\n#END");

        await Eventually.HoldsAsync(() => _log.Of(1052).Length > 0, "the file is read");
        (await ReadAsync()).ShouldStartWith("/apisix/routes/a=");
    }

    [Fact]
    public async Task Rewritten_WithTheSame_IsNoRevision()
    {
        Open("routes: [{id: a, uri: /a}]\n#END");

        Write("routes: [{id: a, uri: /a}]\n#END");
        Write("# nothing else\nroutes: [{id: a, uri: /a}]\n#END");

        await Eventually.HoldsAsync(() => _log.Of(1052).Length > 1, "the file is read again");
        (await Source.GetAsync("", Token)).Revision.ShouldBe(1);
    }

    [Fact]
    public async Task Variables_GetTheirTypesFromTheQuotes()
    {
        _environment["PORT"] = "80";
        Open("upstreams: [{id: 1, retries: ${{PORT}}, name: \"${{PORT}}\", desc: ${{ NAME := none }}}] # ${{IGNORED:=x}}\n  # ${{NOT_SET}}\n#END");

        (await ReadAsync()).ShouldBe("""/apisix/upstreams/1={"id":"1","retries":80,"name":"80","desc":"none"}""");
    }

    [Fact]
    public async Task Json_NeedsNoMark_AndReplacesInTexts()
    {
        _environment["PORT"] = "80";
        _environment["HOST"] = "a";
        Open("""{"upstreams":[{"id":1,"nodes":{"${{HOST}}:80":1},"retries":"${{PORT}}","name":"${{HOST}}${{PORT}}","desc":"80"}]}""", isJson: true);

        (await ReadAsync()).ShouldBe("""/apisix/upstreams/1={"id":"1","nodes":{"a:80":1},"retries":80,"name":"a80","desc":"80"}""");
        Write("""{"upstreams":[{"id":1},]}""");
        await Eventually.HoldsAsync(() => _log.Of(1053).Length > 0, "the failure is logged");
        _log.Of(1053).Single().ShouldContain("line 1: not valid JSON: ");
    }

    [Fact]
    public async Task ItemsThatAreNoGood_AreNamed_AndTheOthersServed()
    {
        Open("routes: [x, {id: a, uri: /a}]\nroutez: []\n#END");

        (await ReadAsync()).ShouldStartWith("/apisix/routes/a=");
        _log.Of(1054).Length.ShouldBe(2);
        Write("routes: [x, {id: a, uri: /b}]\nroutez: []\n#END");
        await NextAsync(1);
        _log.Of(1054).Length.ShouldBe(2, "what was said is not said again");
    }

    [Fact]
    public async Task Disposed_EndsWatches()
    {
        Open("routes: []\n#END");
        Task<StoreRevision> waiting = NextAsync(1);

        await Source.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(waiting);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await Source.GetAsync("/", Token));
    }

    [Fact]
    public async Task RevisionBefore_IsCountedOn()
    {
        Write("routes: [{id: a, uri: /a}]\n#END");
        await using var source = new YamlSource(new YamlSourceOptions { Path = File, RevisionBefore = 41 }, new QuickTimeProvider(), _log);

        (await source.GetAsync("", Token)).Revision.ShouldBe(42);
    }

    private static string Text(StoreEntry entry) => Encoding.UTF8.GetString(entry.Value.Span);

    private void Open(string? text = null, bool isJson = false)
    {
        if (text is not null)
            Write(text);
        _source = new YamlSource(new YamlSourceOptions { Path = File, IsJson = isJson, Environment = name => _environment.GetValueOrDefault(name) }, new QuickTimeProvider(), _log);
    }

    private void Write(string text) => System.IO.File.WriteAllText(File, text);

    private async Task<string> ReadAsync() => string.Join(' ', (await Source.GetAsync("/", Token)).Entries.Select(entry => $"{entry.Key}={Text(entry)}"));

    private async Task<StoreRevision> NextAsync(long after)
    {
        await foreach (StoreRevision revision in Source.WatchAsync("/apisix/", after, Token))
            return revision;
        throw new InvalidOperationException("the watch ended");
    }
}
