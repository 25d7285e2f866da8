using System.Security.Cryptography;
using System.Text;
using Headgate.Store.Protection;
using Headgate.Store.Standalone;
using Headgate.Store.Tests.Embedded;
using Headgate.Testing;

namespace Headgate.Store.Tests.Standalone;

public sealed class StandaloneStoreTests : IDisposable
{
    private readonly TempFolder _folder = TempFolder.OnDisk();
    private readonly RecordedLog<StandaloneStore> _log = new();
    private readonly KeyRing _ring = new([RandomNumberGenerator.GetBytes(KeyRing.KeyBytes)]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder.Path, "standalone.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_IsAnEmptyConfiguration()
    {
        await using StandaloneStore store = Open();

        store.Current.ShouldBeNull();
        (await store.GetAsync("/", Token)).ShouldSatisfyAllConditions(view => view.Revision.ShouldBe(0), view => view.Entries.ShouldBeEmpty());
    }

    [Fact]
    public async Task Given_IsServed_AndServedAgainAfterARestart_WithItsSecretsSealedInTheFile()
    {
        const string Routes = """[{"id":"r","uri":"/a","modifiedIndex":3}]""";
        const string Consumers = """[{"username":"jack"},{"id":"jack/credentials/c","plugins":{}}]""";
        const string Secrets = """[{"id":"vault/1","uri":"http://a","token":"very secret"}]""";
        await using (StandaloneStore store = Open())
        {
            (await GiveAsync(store, "d1", ("routes", Routes), ("consumers", Consumers), ("secrets", Secrets))).ShouldBe(1);
            (await GiveAsync(store, "d2", ("routes", Routes), ("consumers", Consumers), ("secrets", Secrets))).ShouldBe(1, "nothing to serve anew");
            (await GiveAsync(store, "d3", ("routes", """[{"id":"r","uri":"/b"}]"""), ("consumers", Consumers), ("secrets", Secrets))).ShouldBe(2);
        }

        (await System.IO.File.ReadAllTextAsync(File, Token)).ShouldNotContain("very secret");
        System.IO.File.GetUnixFileMode(File).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using StandaloneStore again = Open();
        again.Current!.Digest.ShouldBe("d3");
        again.Current.Versions["routes"].ShouldBe(7);
        Encoding.UTF8.GetString(again.Current.Lists["secrets"].Span).ShouldBe(Secrets);
        StoreView view = await again.GetAsync("/", Token);
        view.Revision.ShouldBe(2);
        view.Entries.Select(entry => $"{entry.Key}={Encoding.UTF8.GetString(entry.Value.Span)}").ShouldBe(
        [
            """/apisix/consumers/jack={"username":"jack"}""", """/apisix/consumers/jack/credentials/c={"id":"c","plugins":{}}""",
            """/apisix/routes/r={"id":"r","uri":"/b"}""", """/apisix/secrets/vault/1={"id":"vault/1","uri":"http://a","token":"very secret"}""",
        ]);
    }

    [Fact]
    public async Task DamagedFile_IsSetAside_AndNothingIsServed()
    {
        await using (StandaloneStore store = Open())
            await GiveAsync(store, "d1", ("routes", """[{"id":"r","uri":"/a"}]"""));
        byte[] bytes = await System.IO.File.ReadAllBytesAsync(File, Token);
        bytes[^10] ^= 1;
        await System.IO.File.WriteAllBytesAsync(File, bytes, Token);

        await using StandaloneStore again = Open();

        again.Current.ShouldBeNull();
        (await again.GetAsync("/", Token)).Entries.ShouldBeEmpty();
        _log.Of(1057).ShouldHaveSingleItem().ShouldContain("its checksum is not that of its content");
        (await System.IO.File.ReadAllBytesAsync(File + ".damaged", Token)).ShouldBe(bytes);
    }

    [Fact]
    public async Task FileThatCannotBeWritten_ChangesNothing()
    {
        await using StandaloneStore store = Open();
        await GiveAsync(store, "d1", ("routes", """[{"id":"r","uri":"/a"}]"""));
        System.IO.File.Delete(File);
        Directory.CreateDirectory(Path.Combine(File, "x"));

        (await Should.ThrowAsync<StoreUnavailableException>(() => GiveAsync(store, "d2", ("routes", """[{"id":"r","uri":"/b"}]""")))).Message.ShouldStartWith($"The configuration cannot be kept in {File}: ");

        store.Current!.Digest.ShouldBe("d1");
        (await store.GetAsync("/", Token)).Entries.ShouldHaveSingleItem().ModRevision.ShouldBe(1);
    }

    private StandaloneStore Open() => new(_folder.Path, _ring, _log);

    private static async Task<long> GiveAsync(StandaloneStore store, string digest, params (string Kind, string Items)[] lists) => await store.ReplaceAsync(
        _ => new StandaloneDocument
        {
            Digest = digest,
            LastModified = 1,
            Versions = new Dictionary<string, long> { ["routes"] = 7 },
            Lists = lists.ToDictionary(list => list.Kind, list => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(list.Items)),
        },
        Token);
}
