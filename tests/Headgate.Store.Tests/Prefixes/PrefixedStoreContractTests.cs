using Headgate.Store.Embedded;
using Headgate.Store.Prefixes;
using Headgate.Store.Tests.Contract;
using Headgate.Store.Tests.Embedded;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Store.Tests.Prefixes;

/// <summary>A prefixed store is a store, with every key of the tests lying elsewhere.</summary>
public sealed class PrefixedStoreContractTests : ConfigStoreContractTests
{
    private readonly TempFolder _folder = TempFolder.InMemory();
    private readonly ManualTimeProvider _time = new();
    private EmbeddedStore? _inner;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    protected override async Task<IConfigStore> OpenAsync()
    {
        _inner = await EmbeddedStore.OpenAsync(_folder.Path, _time, NullLogger.Instance, Token);
        return new PrefixedStore(_inner, "/teams/blue", shownAs: "");
    }

    protected override Task CompactAsync(IConfigStore store, long revision) => _inner!.CompactAsync(revision, Token);

    protected override Task PassTimeAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
