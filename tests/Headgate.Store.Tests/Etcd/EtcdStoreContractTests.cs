using Headgate.Store.Etcd;
using Headgate.Store.Tests.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Store.Tests.Etcd;

/// <summary>The contract, on a real etcd.</summary>
public sealed class EtcdStoreContractTests(EtcdFixture etcd) : ConfigStoreContractTests, IClassFixture<EtcdFixture>
{
    private bool _isWiped;

    /// <summary>With what it replaces and its record it has to fit into 1.5 MiB.</summary>
    protected override int LargestValue => 512 * 1024 - 1024;

    protected override async Task<IConfigStore> OpenAsync()
    {
        if (!_isWiped)
            await etcd.Process.WipeAsync();
        _isWiped = true;
        return await EtcdStore.OpenAsync(new EtcdOptions { Endpoints = etcd.Process.Endpoints, RecordedPrefixes = [""] }, TimeProvider.System, NullLogger.Instance, Token);
    }

    protected override async Task CompactAsync(IConfigStore store, long revision) => await etcd.Process.AskAsync("/v3/kv/compaction", $$"""{"revision":"{{revision}}"}""");

    protected override Task PassTimeAsync(TimeSpan time) => Task.Delay(time, Token);
}
