using System.Security.Cryptography;
using Headgate.Store.Embedded;
using Headgate.Store.Protection;
using Headgate.Store.Tests.Contract;
using Headgate.Store.Tests.Embedded;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Store.Tests.Protection;

/// <summary>A protected store is a store.</summary>
public sealed class ProtectedStoreContractTests : ConfigStoreContractTests
{
    private readonly TempFolder _folder = TempFolder.InMemory();
    private readonly ManualTimeProvider _time = new();
    private readonly KeyRing _ring = new([RandomNumberGenerator.GetBytes(KeyRing.KeyBytes)]);
    private EmbeddedStore? _inner;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    protected override async Task<IConfigStore> OpenAsync()
    {
        _inner = await EmbeddedStore.OpenAsync(_folder.Path, _time, NullLogger.Instance, Token);
        return new ProtectedStore(_inner, _ring, NullLogger.Instance);
    }

    protected override Task CompactAsync(IConfigStore store, long revision) => _inner!.CompactAsync(revision, Token);

    protected override Task PassTimeAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
