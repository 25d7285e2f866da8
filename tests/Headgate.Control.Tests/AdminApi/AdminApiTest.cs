using Headgate.Control.AdminApi;
using Headgate.Store;
using Headgate.Testing;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>Which store a test class runs over.</summary>
public enum StoreKind
{
    Memory,
}

/// <summary>A test class with a server of its own.</summary>
public abstract class AdminApiTest(StoreKind kind, AdminApiOptions? options = null) : IAsyncLifetime
{
    protected const string Upstream = """{"nodes":{"127.0.0.1:1980":1}}""";

    private static readonly Dictionary<StoreKind, Func<IConfigStore>> Stores = new()
    {
        [StoreKind.Memory] = () => new InMemoryStore(),
    };

    private AdminServer? _server;

    protected AdminServer Server => _server!;

    protected AdminClient Admin => Server.Client;

    public async ValueTask InitializeAsync() => _server = await AdminServer.StartAsync(Stores[kind](), options);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static string Route(string uri, string target) => $$"""{"uri":"{{uri}}",{{target}}}""";
}
