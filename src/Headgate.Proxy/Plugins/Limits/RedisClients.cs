using Headgate.Proxy.Plugins.Redis;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.Limits;

/// <summary>The Redis servers that plugins of a gateway use: one client for equal servers, as long as somebody uses it. Thread-safe.</summary>
internal sealed class RedisClients(PluginServices services)
{
    private readonly WeakTable<RedisServer, RedisClient> _clients = new();
    private readonly ILogger _logger = services.Loggers.CreateLogger<RedisClient>();

    /// <summary>The client for a server.</summary>
    public RedisClient Of(RedisServer server) => _clients.GetOrAdd(server, asked => new RedisClient(asked, services.Time, _logger, (int)services.Seed));
}
