using Headgate.Control.AdminApi;
using Headgate.Store;
using Headgate.Store.Embedded;
using Headgate.Store.Etcd;
using Headgate.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>Which store a test class runs over.</summary>
public enum StoreKind
{
    Memory,
    Embedded,
    Etcd,
}

/// <summary>A test class with a server of its own for every test.</summary>
public abstract class AdminApiTest(StoreKind kind, AdminApiOptions? options = null) : IAsyncLifetime
{
    protected const string Upstream = """{"nodes":{"127.0.0.1:1980":1}}""";

    private AdminServer? _server;
    private DirectoryInfo? _folder;
    private EtcdProcess? _etcd;

    protected AdminServer Server => _server!;

    protected AdminClient Admin => Server.Client;

    public async ValueTask InitializeAsync() => _server = await AdminServer.StartAsync(await OpenAsync(), options, more: MapMore);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder?.Delete(recursive: true);
        if (_etcd is not null)
            await _etcd.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Maps what only some tests need.</summary>
    protected virtual void MapMore(IEndpointRouteBuilder endpoints)
    {
    }

    protected static string Route(string uri, string target) => $$"""{"uri":"{{uri}}",{{target}}}""";

    private async Task<IConfigStore> OpenAsync()
    {
        if (kind == StoreKind.Memory)
            return new InMemoryStore();
        if (kind == StoreKind.Etcd)
        {
            _etcd = await EtcdProcess.StartAsync();
            return await EtcdStore.OpenAsync(new EtcdOptions { Endpoints = _etcd.Endpoints }, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        }

        _folder = Directory.CreateTempSubdirectory("headgate-admin-");
        return await EmbeddedStore.OpenAsync(_folder.FullName, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
    }
}
