using Headgate.Testing;

namespace Headgate.Store.Tests.Etcd;

/// <summary>One real etcd for the tests of a class, which take turns.</summary>
public sealed class EtcdFixture : IAsyncLifetime
{
    private EtcdProcess? _process;

    public EtcdProcess Process => _process ?? throw new InvalidOperationException("etcd does not run.");

    public async ValueTask InitializeAsync() => _process = await EtcdProcess.StartAsync();

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
