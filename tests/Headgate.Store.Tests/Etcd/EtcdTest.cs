namespace Headgate.Store.Tests.Etcd;

/// <summary>Tests on the one etcd of their class, which is empty when each begins.</summary>
public abstract class EtcdTest(EtcdFixture etcd) : IClassFixture<EtcdFixture>, IAsyncLifetime
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected EtcdFixture Etcd => etcd;

    public async ValueTask InitializeAsync() => await etcd.Process.WipeAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
