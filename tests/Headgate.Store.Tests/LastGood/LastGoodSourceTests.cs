using System.Security.Cryptography;
using System.Text;
using Headgate.Store.LastGood;
using Headgate.Store.Protection;
using Headgate.Store.Tests.Embedded;
using Headgate.Testing;

namespace Headgate.Store.Tests.LastGood;

public sealed class LastGoodSourceTests : IDisposable
{
    private const string Prefix = "/apisix/";
    private static readonly Origin Me = new("tester", "local", "test");

    private readonly TempFolder _folder = TempFolder.OnDisk();
    private readonly InMemoryStore _store = new();
    private readonly RecordedLog<LastGoodSource> _log = new();
    private readonly KeyRing _ring = new([RandomNumberGenerator.GetBytes(KeyRing.KeyBytes)]);
    private readonly QuickTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder.Path, LastGoodFile.FileName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SourceIsThere_ItsConfigurationIsServed_AndKept()
    {
        await PutAsync("/apisix/routes/1", """{"uri":"/a","priority":1.0}""");
        await PutAsync("/headgate/other", "{}");
        await using (LastGoodSource source = Open())
        {
            (await ReadAsync(source)).ShouldBe("""2: /apisix/routes/1={"uri":"/a","priority":1.0}""");
            source.Served.ShouldBeNull();
            await Eventually.HoldsAsync(() => System.IO.File.Exists(File), "the file is written");
        }

        System.IO.File.GetUnixFileMode(File).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await System.IO.File.ReadAllTextAsync(File, Token)).ShouldNotContain("/headgate/other");
    }

    [Fact]
    public async Task WhatIsWatched_IsKeptToo_AndSecretsAreSealed()
    {
        await PutAsync("/apisix/routes/1", """{"uri":"/a"}""");
        await using (LastGoodSource source = Open())
        {
            await ReadAsync(source);
            IAsyncEnumerator<StoreRevision> watch = source.WatchAsync(Prefix, 1, Token).GetAsyncEnumerator(Token);
            await PutAsync("/apisix/secrets/vault/1", """{"uri":"http://a","token":"very secret"}""");
            (await watch.MoveNextAsync()).ShouldBeTrue();
            await _store.CommitAsync(new Commit { Operations = [new Operation.Delete("/apisix/routes/1")], Origin = Me }, Token);
            (await watch.MoveNextAsync()).ShouldBeTrue();
            await watch.DisposeAsync();
        }

        (await System.IO.File.ReadAllTextAsync(File, Token)).ShouldNotContain("very secret");
        _store.SetUnavailable("gone");
        await using LastGoodSource again = Open();
        (await ReadAsync(again)).ShouldBe("""3: /apisix/secrets/vault/1={"uri":"http://a","token":"very secret"}""");
    }

    [Fact]
    public async Task SourceIsNotThere_TheLastGoodOneIsServed_UntilItIs()
    {
        await PutAsync("/apisix/routes/1", """{"uri":"/a"}""");
        await PutAsync("/apisix/routes/2", """{"uri":"/b"}""");
        await KeepAsync();
        await PutAsync("/apisix/routes/2", """{"uri":"/c"}""");
        _store.SetUnavailable("connection refused");

        await using LastGoodSource source = Open();
        (await ReadAsync(source)).ShouldBe("""2: /apisix/routes/1={"uri":"/a"} /apisix/routes/2={"uri":"/b"}""");
        (await source.GetAsync("/apisix/routes/2", Token)).Entries.ShouldHaveSingleItem().ModRevision.ShouldBe(2);
        source.Served!.Revision.ShouldBe(2);
        source.Served.Written.ShouldBeInRange(_time.GetUtcNow().AddMinutes(-5), _time.GetUtcNow());
        _log.Of(1060).ShouldHaveSingleItem().ShouldContain("because its source cannot be read: connection refused");
        IAsyncEnumerator<StoreRevision> watch = source.WatchAsync(Prefix, 2, Token).GetAsyncEnumerator(Token);
        Task<bool> next = watch.MoveNextAsync().AsTask();
        await Task.Delay(50, Token);
        next.IsCompleted.ShouldBeFalse();

        _store.SetUnavailable(null);

        (await next).ShouldBeTrue();
        watch.Current.ShouldBeSameAs(StoreRevision.Gap);
        (await watch.MoveNextAsync()).ShouldBeFalse();
        await watch.DisposeAsync();
        (await ReadAsync(source)).ShouldBe("""3: /apisix/routes/1={"uri":"/a"} /apisix/routes/2={"uri":"/c"}""");
        source.Served.ShouldBeNull();
        _log.Of(1061).Length.ShouldBe(1);
        await foreach (StoreRevision revision in source.WatchAsync(Prefix, 2, Token))
        {
            revision.Revision.ShouldBe(3);
            break;
        }
    }

    [Fact]
    public async Task SourceThatDoesNotAnswer_IsNotWaitedForForEver()
    {
        await PutAsync("/apisix/routes/1", """{"uri":"/a"}""");
        await KeepAsync();

        await using var source = new LastGoodSource(new SilentSource(), new LastGoodFile(_folder.Path, _ring), "store", Prefix, _time, new Random(TestSeed.Value), _log);

        (await ReadAsync(source)).ShouldBe("""1: /apisix/routes/1={"uri":"/a"}""");
        _log.Of(1060).ShouldHaveSingleItem().ShouldContain("no answer within 5 s");
    }

    [Fact]
    public async Task SourceThatFailsLater_IsNotReplacedByTheFile()
    {
        await PutAsync("/apisix/routes/1", """{"uri":"/a"}""");
        await using LastGoodSource source = Open();
        await ReadAsync(source);

        _store.SetUnavailable("gone");

        await Should.ThrowAsync<StoreUnavailableException>(() => ReadAsync(source));
        source.Served.ShouldBeNull();
    }

    [Fact]
    public async Task NeitherSourceNorFile_IsSaid()
    {
        _store.SetUnavailable("connection refused");
        await using LastGoodSource source = Open();

        (await Should.ThrowAsync<StoreUnavailableException>(() => ReadAsync(source))).Message.ShouldBe("connection refused");
    }

    [Fact]
    public async Task FileOfAnotherSource_IsNotUsed()
    {
        await PutAsync("/apisix/routes/1", """{"uri":"/a"}""");
        await KeepAsync();
        _store.SetUnavailable("gone");

        await using LastGoodSource source = Open("another store");

        await Should.ThrowAsync<StoreUnavailableException>(() => ReadAsync(source));
        _log.Of(1065).Length.ShouldBe(1);
        System.IO.File.Exists(File).ShouldBeTrue();
    }

    [Fact]
    public async Task FileWhoseKeyIsLost_IsNotUsed()
    {
        await PutAsync("/apisix/secrets/vault/1", """{"uri":"http://a","token":"very secret"}""");
        await KeepAsync();
        _store.SetUnavailable("gone");
        var other = new KeyRing([RandomNumberGenerator.GetBytes(KeyRing.KeyBytes)]);

        await using var source = new LastGoodSource(_store, new LastGoodFile(_folder.Path, other), "store", Prefix, _time, new Random(TestSeed.Value), _log);

        await Should.ThrowAsync<StoreUnavailableException>(() => ReadAsync(source));
        _log.Of(1062).ShouldHaveSingleItem().ShouldContain("token of /apisix/secrets/vault/1 cannot be decrypted");
    }

    [Fact]
    public async Task DamagedFile_IsNamedAndNeverHalfUsed()
    {
        await PutAsync("/apisix/routes/1", """{"uri":"/a"}""");
        await KeepAsync();
        byte[] whole = await System.IO.File.ReadAllBytesAsync(File, Token);
        _store.SetUnavailable("gone");
        var random = new Random(TestSeed.Value);

        for (int i = 0; i < whole.Length; i++)
        {
            byte[] flipped = [.. whole];
            flipped[i] ^= (byte)(1 << random.Next(8));
            ShouldBeRefused(flipped);
            ShouldBeRefused(whole[..i]);
        }

        ShouldBeRefused([.. whole, (byte)'\n']);
        await System.IO.File.WriteAllBytesAsync(File, whole, Token);
        LastGoodSource.Read(new LastGoodFile(_folder.Path, _ring), "store", _log)!.Entries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task ValueThatIsNoJson_ComesBackToTheByte()
    {
        byte[] bytes = [0xff, 0, (byte)'{'];
        await _store.CommitAsync(new Commit { Operations = [new Operation.Put("/apisix/routes/1", bytes)], Origin = Me }, Token);
        await KeepAsync();
        _store.SetUnavailable("gone");
        await using LastGoodSource source = Open();

        (await source.GetAsync(Prefix, Token)).Entries.ShouldHaveSingleItem().Value.ToArray().ShouldBe(bytes);
    }

    [Fact]
    public async Task FolderThatCannotBeWritten_IsLoggedOnce_AndTriedAgain()
    {
        Directory.CreateDirectory(File); // a folder in the file's place
        await System.IO.File.WriteAllTextAsync(Path.Combine(File, "x"), "", Token);
        await PutAsync("/apisix/routes/1", """{"uri":"/a"}""");
        await using LastGoodSource source = Open();
        await ReadAsync(source);
        await Eventually.HoldsAsync(() => _log.Of(1063).Length > 0, "the failure is logged");

        Directory.Delete(File, recursive: true);

        await Eventually.HoldsAsync(() => _log.Of(1064).Length > 0, "it is written");
        _log.Of(1063).Length.ShouldBe(1);
        System.IO.File.Exists(File).ShouldBeTrue();
    }

    private static async Task<string> ReadAsync(LastGoodSource source)
    {
        StoreView view = await source.GetAsync(Prefix, Token);
        return $"{view.Revision}: {string.Join(' ', view.Entries.Select(entry => $"{entry.Key}={Encoding.UTF8.GetString(entry.Value.Span)}"))}";
    }

    private void ShouldBeRefused(byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File, bytes);
        int logged = _log.Of(1062).Length;
        LastGoodSource.Read(new LastGoodFile(_folder.Path, _ring), "store", _log).ShouldBeNull();
        _log.Of(1062).Length.ShouldBe(logged + 1);
        System.IO.File.Exists(File).ShouldBeFalse();
    }

    private LastGoodSource Open(string name = "store") => new(_store, new LastGoodFile(_folder.Path, _ring), name, Prefix, _time, new Random(TestSeed.Value), _log);

    /// <summary>What is stored is kept in the file.</summary>
    private async Task KeepAsync()
    {
        await using LastGoodSource source = Open();
        await ReadAsync(source);
    }

    private async Task PutAsync(string key, string value) =>
        await _store.CommitAsync(new Commit { Operations = [new Operation.Put(key, Encoding.UTF8.GetBytes(value))], Origin = Me }, Token);

    /// <summary>A network that swallows everything.</summary>
    private sealed class SilentSource : IConfigSource
    {
        public async ValueTask<StoreView> GetAsync(string prefix, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException();
        }

        public IAsyncEnumerable<StoreRevision> WatchAsync(string prefix, long afterRevision, CancellationToken cancellationToken) => throw new InvalidOperationException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
