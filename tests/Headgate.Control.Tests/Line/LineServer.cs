using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Control.Instances;
using Headgate.Control.Line;
using Headgate.Control.Nodes;
using Headgate.Control.ObjectsApi;
using Headgate.Control.Overrides;
using Headgate.Control.Registries;
using Headgate.Control.Revisions;
using Headgate.Control.Access;
using Headgate.Control.Tests.AdminApi;
using Headgate.Store;
using Headgate.Store.Prefixes;
using Headgate.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.Tests.Line;

/// <summary>A control plane on a real port, as the executable composes it, with a store that it does not own and a clock of the test's.</summary>
internal sealed class LineServer : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    private LineServer(LoopbackServer server, RecordedLogs logs)
    {
        (_server, Logs) = (server, logs);
        Address = server.Address;
        if (Address.Scheme == Uri.UriSchemeHttp)
            _client = new AdminClient(Address, AdminServer.AdminKey);
    }

    private readonly AdminClient? _client;

    public Uri Address { get; }

    public RecordedLogs Logs { get; }

    /// <summary>Sends the admin key with every request; of a server without TLS.</summary>
    public AdminClient Client => _client!;

    public Fleet Fleet => _server.Services.GetRequiredService<Fleet>();

    public GroupScopes Scopes => _server.Services.GetRequiredService<GroupScopes>();

    public Convergence Convergence => _server.Services.GetRequiredService<Convergence>();

    public InstanceRecords Records => _server.Services.GetRequiredService<InstanceRecords>();

    public static async Task<LineServer> StartAsync(IConfigStore store, TimeProvider time, int port = 0, Action<ListenOptions>? listen = null, LocalInstance? instance = null)
    {
        var logs = new RecordedLogs();
        var server = LoopbackServer.Having(
            builder =>
            {
                builder.Logging.AddProvider(logs);
                builder.Services.AddSingleton(time);
                builder.Services.AddAdminApi(prefix => new PrefixedStore(store, prefix), AdminServer.Options with { Instance = instance });
            },
            static application =>
            {
                application.UseWebSockets();
                application.MapAdminApi();
                application.MapGroupApi();
                application.MapAccessApi();
                application.MapObjectsApi();
                application.MapRevisionApi();
                application.MapNodesApi();
                application.MapOverrideApi();
                application.MapRegistryApi();
                application.MapInstancesApi();
                application.MapLine();
            },
            port, listen);
        await server.StartAsync();
        return new LineServer(server, logs);
    }

    /// <summary>A new instance token.</summary>
    public async Task<string> TokenAsync(string group = "default", string more = "") =>
        (await Client.Post($"/api/gateway_groups/{group}/instance_tokens", $$"""{"name":"a"{{more}}}""")).ShouldBe(201).Value.GetProperty("token").GetString()!;

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return _server.DisposeAsync();
    }
}
