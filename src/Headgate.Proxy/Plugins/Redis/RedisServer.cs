using System.Globalization;

namespace Headgate.Proxy.Plugins.Redis;

/// <summary>A Redis server and how it is spoken to. Equal ones share their connections.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">Port, 1 to 65535.</param>
public sealed record RedisServer(string Host, int Port)
{
    /// <summary>Who logs in; null = the default user.</summary>
    public string? Username { get; init; }

    /// <summary>The password; null = nobody logs in.</summary>
    public string? Password { get; init; }

    /// <summary>Number of the database, from 0.</summary>
    public int Database { get; init; }

    /// <summary>Whether TLS is spoken.</summary>
    public bool UsesTls { get; init; }

    /// <summary>Whether the server's certificate must be valid for <see cref="Host"/>.</summary>
    public bool VerifiesTls { get; init; }

    /// <summary>How long connecting, and every answer, may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After how long without a call a connection is closed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections at most, from 1.</summary>
    public int ConnectionsMax { get; init; } = 100;

    /// <summary>Where it is; a record would print the password.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
