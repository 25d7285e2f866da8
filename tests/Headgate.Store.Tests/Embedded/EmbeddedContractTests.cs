using Headgate.Store.Embedded;
using Headgate.Store.Tests.Contract;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Store.Tests.Embedded;

/// <summary>The contract on an embedded store, or on what lies around one.</summary>
public abstract class EmbeddedContractTests : ConfigStoreContractTests
{
    private readonly TempFolder _folder;
    private readonly ManualTimeProvider _time = new();
    private EmbeddedStore? _inner;

    private protected EmbeddedContractTests(TempFolder folder) => _folder = folder;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The store under test.</summary>
    protected abstract IConfigStore Around(IConfigStore inner);

    protected override async Task<IConfigStore> OpenAsync()
    {
        _inner = await EmbeddedStore.OpenAsync(_folder.Path, _time, NullLogger.Instance, Token);
        return Around(_inner);
    }

    protected override Task CompactAsync(IConfigStore store, long revision) => _inner!.CompactAsync(revision, Token);

    protected override Task PassTimeAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
