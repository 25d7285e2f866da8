using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Redis;

namespace Headgate.Proxy.Plugins.Limits;

/// <summary>Reads which Redis server a limit is counted at. Source: APISIX, <c>apisix/utils/redis-schema.lua</c>.</summary>
internal static class RedisReader
{
    private static readonly string[] Fields =
    [
        "redis_host", "redis_port", "redis_username", "redis_password", "redis_database", "redis_timeout", "redis_ssl", "redis_ssl_verify", "redis_keepalive_timeout",
        "redis_keepalive_pool", "redis_cluster_nodes", "redis_cluster_name", "redis_cluster_ssl", "redis_cluster_ssl_verify", "redis_sentinels", "redis_master_name", "redis_role",
        "redis_connect_timeout", "redis_read_timeout", "sentinel_username", "sentinel_password",
    ];

    /// <summary>The server; null, and reported, when none is named.</summary>
    public static RedisServer? Server(ObjectReader reader)
    {
        reader.Require("redis_host");
        string? host = reader.Text("redis_host", 2);
        var server = new RedisServer(host ?? "", reader.Integer("redis_port", 1, 65_535) ?? 6379)
        {
            Username = reader.Text("redis_username", 1),
            Password = reader.Text("redis_password") is { Length: > 0 } password ? password : null,
            Database = reader.Integer("redis_database", 0) ?? 0,
            UsesTls = reader.Flag("redis_ssl") ?? false,
            VerifiesTls = reader.Flag("redis_ssl_verify") ?? false,
            Timeout = TimeSpan.FromMilliseconds(reader.Integer("redis_timeout", 1) ?? 1000),
            IdleTimeout = TimeSpan.FromMilliseconds(reader.Integer("redis_keepalive_timeout", 1000) ?? 10_000),
            ConnectionsMax = reader.Integer("redis_keepalive_pool", 1) ?? 100,
        };
        if (server is { Username: not null, Password: null })
            WarnNoEffect(reader, "redis_username", "without redis_password nobody logs in");
        if (server is { VerifiesTls: true, UsesTls: false })
            WarnNoEffect(reader, "redis_ssl_verify", "without redis_ssl there is no certificate");
        return host is null ? null : server;
    }

    /// <summary>Nothing is counted at a server: what is said about one has no effect, or was refused with the policy.</summary>
    public static void PassOver(ObjectReader reader, bool warns)
    {
        foreach (string field in Fields)
        {
            if (reader.TryGet(field, out _) && warns)
                WarnNoEffect(reader, field, "policy is local");
        }
    }

    private static void WarnNoEffect(ObjectReader reader, string field, string why)
    {
        Location at = reader.At.Property(field);
        reader.Findings.Warn(at, $"{at.Path} has no effect: {why}");
    }
}
