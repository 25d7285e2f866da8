using Headgate.Store.Embedded;
using Headgate.Store.Tests.Contract;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Store.Tests.Embedded;

public sealed class EmbeddedStoreContractTests : ConfigStoreContractTests
{
    private readonly TempFolder _folder = TempFolder.OnDisk();
    private readonly ManualTimeProvider _time = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    protected override async Task<IConfigStore> OpenAsync() => await EmbeddedStore.OpenAsync(_folder.Path, _time, NullLogger.Instance, Token);

    protected override Task CompactAsync(IConfigStore store, long revision) => ((EmbeddedStore)store).CompactAsync(revision, Token);

    protected override Task PassTimeAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
