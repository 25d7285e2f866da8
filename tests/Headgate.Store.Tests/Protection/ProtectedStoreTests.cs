using System.Security.Cryptography;
using System.Text;
using Headgate.Store.Protection;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Store.Tests.Protection;

public sealed class ProtectedStoreTests : IAsyncDisposable
{
    private const string Key = "/apisix/secrets/vault/1";
    private const string Value = """{"uri":"http://a","token":"very \"secret\"\n","prefix":1.0}""";

    private readonly InMemoryStore _inner = new();
    private readonly ProtectedStore _store;

    public ProtectedStoreTests() => _store = new ProtectedStore(_inner, NewRing(), NullLogger.Instance);

    [Fact]
    public async Task Everything_ThatIsRead_IsAsItWasWritten()
    {
        await PutAsync(_store, Key, Value);

        Text((await _inner.FindAsync(Key, CancellationToken.None))!).ShouldStartWith("""{"uri":"http://a","token":"$enc1:""");
        Text((await _inner.FindAsync(Key, CancellationToken.None))!).ShouldEndWith(""","prefix":1.0}""");
        Text((await _store.FindAsync(Key, CancellationToken.None))!).ShouldBe(Value);
        Text((await _store.GetAsync("/", CancellationToken.None)).Entries.ShouldHaveSingleItem()).ShouldBe(Value);
        await foreach (StoreRevision revision in _store.WatchAsync("/", 0, CancellationToken.None))
        {
            Text(revision.Changes.ShouldHaveSingleItem().Entry!).ShouldBe(Value);
            break;
        }

        HistoryRecord record = (await _store.GetHistoryAsync(Key, 1, CancellationToken.None)).ShouldHaveSingleItem();
        Encoding.UTF8.GetString(record.After!.Value.Span).ShouldNotContain("very");
    }

    [Fact]
    public async Task WrittenBeforeThereWasEncryption_IsReadAsItIs()
    {
        await PutAsync(_inner, Key, Value);

        Text((await _store.FindAsync(Key, CancellationToken.None))!).ShouldBe(Value);
    }

    [Fact]
    public async Task KeyLost_GivesOutWhatLiesThere()
    {
        await PutAsync(_store, Key, Value);
        var other = new ProtectedStore(_inner, NewRing(), NullLogger.Instance);

        Text((await other.FindAsync(Key, CancellationToken.None))!).ShouldContain("$enc1:");
    }

    [Theory]
    [InlineData("/apisix/secrets/vault/1", "not json")]
    [InlineData("/apisix/secrets/vault/1", "{\"token\":\"\\ud800\"}")]
    [InlineData("/apisix/routes/1", """{"token":"a","key":"b"}""")]
    [InlineData("/headgate/x", """{"token":"a"}""")]
    public async Task WhatHoldsNoSecret_IsNotTouched(string key, string value)
    {
        await PutAsync(_store, key, value);

        Text((await _inner.FindAsync(key, CancellationToken.None))!).ShouldBe(value);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static KeyRing NewRing() => new([RandomNumberGenerator.GetBytes(KeyRing.KeyBytes)]);

    private static string Text(StoreEntry entry) => Encoding.UTF8.GetString(entry.Value.Span);

    private static async Task PutAsync(IConfigStore store, string key, string value) =>
        await store.CommitAsync(new Commit { Operations = [new Operation.Put(key, Encoding.UTF8.GetBytes(value))], Origin = new Origin("test", "local", "") }, CancellationToken.None);
}
